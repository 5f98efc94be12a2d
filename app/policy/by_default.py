"""Whom the default policy asks of certain files only: those of ours whose own file says to what they apply.

They are rules like any other, so that the gate shows which file is the reason. A policy that names its `perspectives`
has said whom it wants, and has none of them.
"""

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from app.policy.builtin import BUILT_IN_RULES
from app.policy.conditions import Condition, Globs
from app.policy.config import Policy
from app.policy.documents import parse_document
from app.policy.rules import KNOWN, Requires, Rule


class _FrontMatter(BaseModel):
    """What the gate has to know of it; `app.agents.roles` reads the rest, and refuses what nobody knows."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    applies_to: Globs | None = None


def rules_under(policy: Policy) -> tuple[Rule, ...]:
    """Every rule that holds: those built in, those of the default policy where it holds, and the policy's own."""
    return (*BUILT_IN_RULES, *default_rules(policy), *policy.rules)


def default_rules(policy: Policy) -> tuple[Rule, ...]:
    """One for each perspective that is asked where it applies; none under a policy that names its perspectives."""
    return () if policy.names_perspectives else _rules()


def only_advises(rule: Rule, policy: Policy) -> bool:
    """Whether it is a rule of the default policy, and the policy names others whose approvals are waited for."""
    return policy.required != "all" and any(rule is each for each in default_rules(policy))


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            name=f"by default: {name}",
            applies_to=Condition(paths=globs),
            requires=Requires(perspectives=(name,)),
        )
        for name, globs in applications().items()
    )


@cache
def applications() -> dict[str, tuple[str, ...]]:
    """The globs of `applies_to`, by perspective, from the files that come with the package; who has none is left out.

    Raises `PolicyError` where one cannot be used.
    """
    folder = files("app") / "agents" / "perspectives"
    found = {}
    for name in KNOWN:
        front = (folder / f"{name}.md").read_text(encoding="utf-8").split("---\n", 2)[1]
        globs = parse_document(_FrontMatter, front, "docs/perspectives.md").applies_to
        if globs is not None:
            found[name] = globs
    return found
