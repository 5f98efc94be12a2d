"""By what a work tree is judged: what stands in the base of policy, perspectives and guidance, never in the work."""

from dataclasses import dataclass
from pathlib import Path

from app.cli.reviewing.base import Base
from app.forge.git import show
from app.forge.own_files import read_own_files
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
    """The base's policy and perspectives; where there is no policy, or it cannot be used, the built-in one."""
    guidance = await read_guidance(mirror, base.tip)
    text = (await show(mirror, base.tip, POLICY_PATH) or b"").decode("utf-8", "replace")
    own = await read_own_files(mirror, base.tip)
    try:
        return Rules(parse_policy(text, own), guidance)
    except PolicyError as error:
        place = f"{error.path or POLICY_PATH}:{error.line}:{error.column} of {base.name}"
        told = f"{place}: {error.message}. {error.remedy} The built-in policy was taken instead."
        return Rules(Policy(), guidance, (told,))
