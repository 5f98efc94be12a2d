"""`quorum config explain`: what the gate says of a pull request now, and why."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.cli.asking import Asked

_SOURCES = {
    "base": "from the base branch",
    "org": "from the organization, as the base branch has none",
    "default": "built in, as there is no other",
    "invalid": "the last one that could be used",
    "org_invalid": "built in, as the organization's cannot be used",
    "unknown": "which could not be loaded",
}


def explain(
    pull: Annotated[str, typer.Option(metavar="PULL", help="OWNER/REPO#NUMBER, or the address of its page.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")] = False,
) -> None:
    """Gather the facts from GitHub as the App, decide anew, and show every rule with what is missing.

    Nothing is written, neither on GitHub nor in the database. Run it on the machine that Quorum runs on.
    """
    from app.cli.asking import ask
    from app.cli.deciding import decision_json, print_json, show_decision
    from app.cli.pulls import parse_pull
    from app.policy.missing import missing_of
    from app.settings import Settings
    from app.workflows.deciding import judge

    settings = Settings()
    name = parse_pull(pull, settings.github_url)
    asked = asyncio.run(ask(settings, name))
    decision = judge(asked.gathered)
    missing = missing_of(decision, asked.gathered.policy, asked.gathered.proposed.policy)
    if as_json:
        said = [vars(each) for each in asked.statements]
        print_json(decision_json(decision, missing, pull=str(name), statements=said))
        return
    diff = asked.gathered.change.fingerprint
    show_decision([str(name), *heading(asked)], decision, missing, asked.statements, diff)


def heading(asked: "Asked") -> list[str]:
    """What is decided about, and by which policy."""
    from app.workflows.deciding import policy_hash

    gathered = asked.gathered
    pull, facts, change = gathered.pull, gathered.facts, gathered.change
    others = ", ".join(f"#{each}" for each in asked.others)
    by = policy_hash([gathered.policy, gathered.proposed.policy])
    return [
        f'"{pull.title}" by {pull.author}, {change.head[:12]} into {pull.base_ref}',
        f"diff {change.fingerprint[:12]} against {change.base[:12]}",
        f"policy {by[:12]}, {_SOURCES[facts.policy_source]} at {gathered.ground.base_sha[:12]}",
        *([f"{others} have the same head: the check shows the worst of their decisions"] if others else []),
    ]
