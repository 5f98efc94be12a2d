"""Whether a commit may go into an environment: from facts to a decision, without a clock and without asking anybody.

A custom deployment protection rule answers with it:
https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules
"""

from datetime import UTC, datetime

from app.policy.config import POLICY_PATH
from app.policy.decision import Decision, Node, combine, conclude
from app.policy.deployment_facts import DeploymentFacts, LandingFact
from app.policy.environments import Environment
from app.policy.own import file_at_fault

_MINUTE_S, _HOUR_S = 60.0, 3600.0
_LOOK_AGAIN_S = 600.0
"""An event wakes it earlier."""


def decide_deployment(facts: DeploymentFacts, environment: Environment | None) -> Decision:
    """`environment` None: the policy does not name it, and the built-in rules hold."""
    rules = environment or Environment()
    children = [
        _policy(facts, environment),
        _commit(facts),
        _branch(facts, rules),
        _approved(facts, rules),
        *([] if facts.rollback else _after(facts, rules)),
        *_migrations(facts, rules),
    ]
    title = "It was let in before" if facts.rollback else "Every change in it was approved"
    return conclude(combine("deployment", children), title)


def look_again_at(facts: DeploymentFacts, environment: Environment | None) -> float:
    """When a pending decision can have become another one, in seconds since 1970."""
    rules = environment or Environment()
    begun = [at for at in (facts.had or {}).values() if at is not None]
    ends = [at + rules.soak_minutes * _MINUTE_S for at in begun]
    ahead = [end for end in ends if end > facts.now]
    return max(ahead) if ahead and len(begun) == len(facts.had or {}) else facts.now + _LOOK_AGAIN_S


def _policy(facts: DeploymentFacts, environment: Environment | None) -> Node:
    rule = "policy"
    if facts.policy_source == "unknown":
        return Node(
            rule, "pending", "it could not be loaded; that is tried again", todo="Wait: the policy is not loaded"
        )
    if facts.policy_source == "invalid":
        quotes = tuple(filter(None, (facts.policy_error,)))
        file = file_at_fault(facts.policy_error) or POLICY_PATH
        todo = f"Correct {file} on the default branch, then run the job again"
        return Node(rule, "error", f"{file} on the default branch cannot be used", quotes=quotes, todo=todo)
    return Node(rule, "approved", "it names the environment" if environment else "the built-in rules hold for it")


def _commit(facts: DeploymentFacts) -> Node:
    if facts.sha is None or facts.run_sha is None:
        return Node("commit", "pending", "it is not known", todo="Wait: GitHub has not said which commit it is")
    if facts.sha != facts.run_sha:
        because = f"the deployment names {facts.sha[:12]}, the workflow ran for {facts.run_sha[:12]}"
        return Node("commit", "blocked", because, todo="Deploy from a workflow that runs for the commit it deploys")
    return Node("commit", "approved", f"it is {facts.sha[:12]}")


def _branch(facts: DeploymentFacts, rules: Environment) -> Node:
    rule = "branch"
    if facts.branches is None or (not rules.branches and not facts.default_branch):
        return Node(rule, "pending", "it is not known which branches it is on", todo="Wait: the branches are not read")
    if facts.branches:
        return Node(rule, "approved", "it is on an allowed branch", quotes=facts.branches)
    allowed = rules.branches or (facts.default_branch or "",)
    todo = "Deploy a commit from a branch that the policy allows"
    return Node(rule, "blocked", "it is on none of the branches that are allowed", quotes=allowed, todo=todo)


def _approved(facts: DeploymentFacts, rules: Environment) -> Node:
    """The commit and everything that landed since the last commit here that had been approved."""
    rule, landings = "approved by the gate", facts.landings
    if landings is None or facts.origin is None or facts.origin_sha is None:
        return Node(rule, "pending", "what landed is not known", todo="Wait: the history is not read")
    start = facts.origin_sha[:12]
    if facts.origin == "gap":
        because = f"nothing is on record that ends at {start}, so nobody knows what was approved"
        return Node(rule, "blocked", because, todo="Deploy a commit that an approved pull request landed as")
    if not landings and facts.origin == "deployed":
        return Node(rule, "approved", f"{start} was approved for this environment before")
    if not landings:
        because = f"{start} stood there before Quorum came, so it was never reviewed"
        return Node(rule, "blocked", because, todo="Deploy a commit that landed with an approval since then")
    return combine(rule, [_landing(each, index, facts, rules) for index, each in enumerate(landings)])


def _landing(landing: LandingFact, index: int, facts: DeploymentFacts, rules: Environment) -> Node:
    name = f"#{landing.pull}" if landing.pull else landing.after_sha[:12]
    wait = f"Wait: it is not known how {name} was approved"
    if landing.without_effect:
        return Node(name, "approved", "changed nothing in the end")
    if _is_undone(landing, index, facts):
        return Node(name, "approved", f"was taken back by {(landing.undone_by or '')[:12]}")
    if landing.approved is None:
        return Node(name, "pending", "it is not known whether it was approved", todo=wait)
    if not landing.approved:
        quotes, todo = (landing.reason,), f"Revert {name} in a pull request, or deploy a commit from before it"
        return Node(
            name, "blocked", f"landed as {landing.after_sha[:12]} without an approval", quotes=quotes, todo=todo
        )
    wrong = _signed(landing, name, rules)
    if not facts.rollback:  # what it returns to was let in once, whatever has been asked for since
        wrong = wrong or _enough(landing, name) or _fresh(landing, name, facts.now, rules)
    return wrong or Node(name, "approved", f"landed as {landing.after_sha[:12]}, as it was approved")


def _is_undone(landing: LandingFact, index: int, facts: DeploymentFacts) -> bool:
    """Only what was approved itself, and came later, takes back what was not."""
    later = (facts.landings or ())[index + 1 :]
    return landing.undone_by is not None and any(
        each.after_sha == landing.undone_by and each.approved is True for each in later
    )


def _signed(landing: LandingFact, name: str, rules: Environment) -> Node | None:
    if not rules.security or landing.security:
        return None
    if landing.security is None:
        return Node(name, "pending", "it is not known whether security approved", todo=f"Wait for the record of {name}")
    todo = f"Revert {name} and land it again with the approval of security"
    return Node(name, "blocked", "security has not approved it", todo=todo)


def _enough(landing: LandingFact, name: str) -> Node | None:
    """An approval under an older policy counts if the policy in force asks for no more."""
    if landing.still_enough is None:
        return Node(name, "pending", "its policy is not known", todo=f"Wait: the policy of {name} is not read")
    if not landing.still_enough:
        because = f"approved under policy {landing.policy_hash[:12]}; the one in force asks for more"
        todo = f"Revert {name} and land it again: it was approved under an older policy"
        return Node(name, "blocked", because, todo=todo)
    return None


def _fresh(landing: LandingFact, name: str, now: float, rules: Environment) -> Node | None:
    if rules.max_age_hours is None:
        return None
    if landing.approved_at is None:
        return Node(name, "pending", "it is not known when it was approved", todo=f"Wait for the record of {name}")
    if now - landing.approved_at > rules.max_age_hours * _HOUR_S:
        because = f"its approval of {_time(landing.approved_at)} is older than {rules.max_age_hours} hours"
        return Node(name, "blocked", because, todo=f"Revert {name} and land it again: its approval is too old")
    return None


def _after(facts: DeploymentFacts, rules: Environment) -> list[Node]:
    """A glob can mean an environment that others come after: it does not come after itself."""
    names = [name for name in rules.after if name.casefold() != facts.environment.casefold()]
    return [_had(name, facts, rules) for name in names]


def _had(name: str, facts: DeploymentFacts, rules: Environment) -> Node:
    rule = f"after {name}"
    if facts.had is None or name.casefold() not in facts.had:
        return Node(rule, "pending", "it is not known what was there", todo=f"Wait: {name} is not looked at yet")
    since = facts.had[name.casefold()]
    if since is None:
        return Node(rule, "pending", "it has not gone there well yet", todo=f"Deploy it to {name} first")
    until = since + rules.soak_minutes * _MINUTE_S
    if facts.now < until:
        return Node(rule, "pending", f"it stands there until {_time(until)}", todo=f"Wait until {_time(until)}")
    return Node(rule, "approved", f"it has stood there since {_time(since)}")


def _migrations(facts: DeploymentFacts, rules: Environment) -> list[Node]:
    rule = "migrations"
    if rules.migrations == "any":
        return []
    if facts.migrations is None:
        return [Node(rule, "pending", "they are not known", todo="Wait: the migrations are not read")]
    stuck = tuple(each.path for each in facts.migrations if not each.reversible)
    if stuck:
        todo = "Write the way back of each migration"
        return [Node(rule, "blocked", f"{len(stuck)} of them have no way back", quotes=stuck, todo=todo)]
    count = len(facts.migrations)
    return [Node(rule, "approved", f"{count} on the way, each with a way back" if count else "none on the way")]


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
