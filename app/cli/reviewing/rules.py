"""By what a work tree is judged: the policy and the guidance that stand in the base, never those of the work itself."""

from dataclasses import dataclass
from pathlib import Path

from app.cli.reviewing.base import Base
from app.forge.git import show
from app.policy.config import POLICY_PATH, Policy, parse_policy
from app.policy.errors import PolicyError
from app.workflows.ground import read_guidance


@dataclass(frozen=True)
class Rules:
    """`notes` tell of a policy that cannot be used: it is the one that a pull request would mend."""

    policy: Policy
    guidance: str
    notes: tuple[str, ...] = ()


async def read_rules(mirror: Path, base: Base) -> Rules:
    """The base's policy; where there is none, or it cannot be used, the built-in one."""
    guidance = await read_guidance(mirror, base.tip)
    found = await show(mirror, base.tip, POLICY_PATH)
    if found is None:
        return Rules(Policy(), guidance)
    try:
        return Rules(parse_policy(found.decode("utf-8", "replace")), guidance)
    except PolicyError as error:
        place = f"{POLICY_PATH}:{error.line}:{error.column} of {base.name}"
        told = f"{place}: {error.message}. {error.remedy} The built-in policy was taken instead."
        return Rules(Policy(), guidance, (told,))
