"""What a branch demands, by classic protection and by rulesets, and what of it a change does not meet. Pure.

https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from app.emulator.auth import may_write
from app.emulator.state import Actor, Repository

Json = dict[str, Any]
_PASS = frozenset({"success", "neutral", "skipped"})
_REPOSITORY_ROLES = {1: "read", 2: "maintain", 3: "triage", 4: "write", 5: "admin"}


@dataclass(frozen=True)
class Change:
    """A ref that is to move. `pull` None: without a pull request. `behind`: the head lacks commits of the base.

    `queued`: by the merge queue, or into it.
    """

    kind: Literal["create", "update", "delete"]
    branch: str
    head: str
    forced: bool = False
    pull: Json | None = None
    behind: bool = False
    queued: bool = False


@dataclass(frozen=True)
class Demands:
    """`approvals` None: no pull request is needed. `ruleset` None: classic protection. `checks`: context and App."""

    ruleset: Json | None
    checks: tuple[tuple[str, int | None], ...] = ()
    strict: bool = False
    checks_on_creation: bool = False
    approvals: int | None = None
    forbids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Violations:
    """`ruleset`: whether one of them comes from a ruleset, which changes how GitHub words its refusal."""

    texts: tuple[str, ...]
    ruleset: bool


def violations(repository: Repository, actor: Actor, change: Change) -> Violations | None:
    """Why a change is refused, in GitHub's words; None if it may be made."""
    found: list[str] = []
    ruleset = False
    for demands in demands_on(repository, change.branch):
        texts = [] if _bypasses(repository, actor, demands, change) else list(_unmet(repository, demands, change))
        ruleset = ruleset or (bool(texts) and demands.ruleset is not None)
        found.extend(text for text in texts if text not in found)
    return Violations(tuple(found), ruleset) if found else None


def demands_on(repository: Repository, branch: str) -> Iterator[Demands]:
    if branch in repository.protection:
        yield _classic(repository.protection[branch])
    for ruleset in repository.rulesets.values():
        if ruleset["enforcement"] == "active" and applies(repository, ruleset, branch):
            yield _of_ruleset(ruleset)


def applies(repository: Repository, ruleset: Json, branch: str) -> bool:
    """https://docs.github.com/en/rest/repos/rules: patterns are fnmatch's, `*` stops at a slash and `**` does not."""
    names = (ruleset.get("conditions") or {}).get("ref_name") or {"include": ["~ALL"], "exclude": []}
    included = any(_matches(repository, pattern, branch) for pattern in names.get("include", []))
    return included and not any(_matches(repository, pattern, branch) for pattern in names.get("exclude", []))


def check_states(repository: Repository, branch: str, head: str) -> list[str | None]:
    """How each check that the branch demands stands at a commit; None for one that passes."""
    demanded = dict.fromkeys(check for demands in demands_on(repository, branch) for check in demands.checks)
    return [_state(repository, head, *check) for check in demanded]


def _matches(repository: Repository, pattern: str, branch: str) -> bool:
    if pattern in {"~ALL", "~DEFAULT_BRANCH"}:
        return pattern == "~ALL" or branch == repository.default_branch
    ref = f"refs/heads/{branch}"
    depth = "**" in pattern or pattern.count("/") == ref.count("/")
    return depth and fnmatchcase(ref, pattern.replace("**/", "*").replace("**", "*"))


def _classic(protection: Json) -> Demands:
    """Creation is free: https://docs.github.com/en/rest/branches/branch-protection."""
    required = protection["required_status_checks"] or {"strict": False, "checks": []}
    reviews = protection["required_pull_request_reviews"]
    approvals = None if reviews is None else reviews.get("required_approving_review_count", 1)
    forbids = {"locked"} if protection["lock_branch"] else set()
    forbids |= {name for name in ("force_pushes", "deletions") if not protection[f"allow_{name}"]}
    checks = tuple((each["context"], each["app_id"]) for each in required["checks"])
    return Demands(None, checks, required["strict"], False, approvals, frozenset(forbids))


def _of_ruleset(ruleset: Json) -> Demands:
    rules = {rule["type"]: rule.get("parameters") or {} for rule in ruleset["rules"]}
    required, review = rules.get("required_status_checks", {}), rules.get("pull_request")
    named = {"non_fast_forward": "force_pushes", "deletion": "deletions", "creation": "creations", "update": "updates"}
    named["merge_queue"] = "direct"
    checks = tuple((each["context"], each.get("integration_id")) for each in required.get("required_status_checks", []))
    return Demands(
        ruleset,
        checks,
        required.get("strict_required_status_checks_policy", False),
        not required.get("do_not_enforce_on_create", False),
        None if review is None else review.get("required_approving_review_count", 0),
        frozenset(word for rule, word in named.items() if rule in rules),
    )


def _bypasses(repository: Repository, actor: Actor, demands: Demands, change: Change) -> bool:
    role = None if actor.installation else repository.permissions.get(actor.user.login, "read")
    if demands.ruleset is None:
        return role == "admin" and not repository.protection[change.branch]["enforce_admins"]
    for each in demands.ruleset.get("bypass_actors") or []:
        kind, identity = each["actor_type"], each.get("actor_id")
        named = {
            "Integration": actor.installation is not None and actor.app is not None and actor.app.id == identity,
            "RepositoryRole": role is not None and role == _REPOSITORY_ROLES.get(identity or 0),
            "User": role is not None and actor.user.id == identity,
        }
        if named.get(kind, False) and (change.pull is not None or each["bypass_mode"] != "pull_request"):
            return True
    return False


def _unmet(repository: Repository, demands: Demands, change: Change) -> Iterator[str]:
    if change.kind == "delete":
        if "deletions" in demands.forbids:
            yield "Cannot delete this branch"
        return
    if change.kind == "create" and "creations" in demands.forbids:
        yield "Cannot create ref due to creations being restricted."
    if change.kind == "update" and demands.forbids & {"updates", "locked"}:
        yield "Cannot update this protected ref."
    if change.kind == "update" and "direct" in demands.forbids and not change.queued:
        yield "Changes must be made through the merge queue"
    if change.forced and "force_pushes" in demands.forbids:
        yield "Cannot force-push to this branch"
    if change.kind == "update" and demands.approvals is not None:
        yield from _unreviewed(repository, demands.approvals, change)
    if change.kind == "update" or demands.checks_on_creation:
        yield from _unchecked(repository, demands, change)


def _unreviewed(repository: Repository, wanted: int, change: Change) -> Iterator[str]:
    """The latest opinion of everybody who may write counts; comments are none."""
    if change.pull is None:
        yield "Changes must be made through a pull request."
        return
    opinions = {
        review["user"].login: review["state"]
        for review in repository.reviews.values()
        if review["pull"] == change.pull["number"]
        and review["state"] in {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}
        and may_write(repository, review["actor"])
    }
    approvals = list(opinions.values()).count("APPROVED")
    if "CHANGES_REQUESTED" in opinions.values():
        yield "Changes were requested by a reviewer with write access."
    elif approvals < wanted:
        noun = "review is" if wanted == 1 else "reviews are"
        yield f"At least {wanted} approving {noun} required by reviewers with write access."


def _unchecked(repository: Repository, demands: Demands, change: Change) -> Iterator[str]:
    states = {check: _state(repository, change.head, *check) for check in demands.checks}
    unmet = {check: state for check, state in states.items() if state is not None}
    if len(unmet) == 1:
        ((context, _), state) = next(iter(unmet.items()))
        yield f'Required status check "{context}" is {state}.'
    elif unmet:
        expected = "are expected" if set(unmet.values()) == {"expected"} else "have not succeeded"
        yield f"{len(unmet)} of {len(states)} required status checks {expected}."
    if demands.strict and change.pull is not None and change.behind:
        yield "The head branch is not up to date with the base branch."


def _state(repository: Repository, head: str, context: str, app_id: int | None) -> str | None:
    """None when it passes. Where a run and a status share the name both must pass, whoever set the status.

    https://docs.github.com/en/pull-requests/collaborating-with-pull-requests (troubleshooting required status checks)
    """
    anybody = app_id in {None, -1}
    runs = [each for each in repository.check_runs.values() if (each["head_sha"], each["name"]) == (head, context)]
    runs = [each for each in runs if anybody or each["app_id"] == app_id]
    states = [each for each in repository.statuses if (each["sha"], each["context"]) == (head, context)]
    if not runs and not any(anybody or each["app_id"] == app_id for each in states):
        return "expected"
    told = [_state_of_run(max(runs, key=lambda run: int(run["id"])))] if runs else []
    told += [_state_of_status(states[-1])] if states else []
    return next((state for state in told if state is not None), None)


def _state_of_run(run: Json) -> str | None:
    if run["status"] != "completed":
        return str(run["status"]).replace("_", " ")
    return None if run["conclusion"] in _PASS else "failing"


def _state_of_status(status: Json) -> str | None:
    return {"success": None, "pending": "pending"}.get(status["state"], "failing")
