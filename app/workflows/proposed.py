"""The policy that a pull request would put in place, when it changes the file or one of the project's perspectives."""

from dataclasses import dataclass
from pathlib import Path

from app.forge.git import show
from app.forge.own_files import plain_name, read_own_files
from app.policy.config import POLICY_PATH, Policy, makes_policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.own import OwnFile, OwnPerspective, is_own
from app.policy.rules import OWN_FOLDER
from app.workflows.change import Change
from app.workflows.ground import Ground


@dataclass(frozen=True)
class Proposed:
    """`text` None: no file of the policy is changed. Taking it away proposes the built-in policy, an empty text.

    `own`: the project's perspectives as they would be; `begun`: those in force, as no other one judges this change.
    """

    text: str | None
    own: tuple[OwnFile, ...] = ()
    begun: tuple[OwnPerspective, ...] = ()

    @property
    def policy(self) -> Policy | None:
        return None if self.text is None or self.error else parse_policy(self.text, self.own, self.begun)

    @property
    def error(self) -> str | None:
        if self.text is None:
            return None
        try:
            parse_policy(self.text, self.own)
        except PolicyError as error:
            return str(error)
        return None


async def read_proposed(mirror: Path, change: Change, ground: Ground) -> Proposed:
    """What the pull request changes is read from its head; the rest is as the base branch has it by now."""
    if not makes_policy(change.files):
        return Proposed(None)
    text = ground.policy_text or ""
    if POLICY_PATH in change.files:
        text = (await show(mirror, change.head, POLICY_PATH) or b"").decode("utf-8", "replace")
    return Proposed(text, await _own(mirror, change, ground), ground.in_force().own)


async def _own(mirror: Path, change: Change, ground: Ground) -> tuple[OwnFile, ...]:
    changed = {plain_name(path).removeprefix(OWN_FOLDER).removeprefix("/") for path in change.files if is_own(path)}
    kept = [file for file in ground.own if file.name not in changed]
    return (*kept, *(file for file in await read_own_files(mirror, change.head) if file.name in changed))
