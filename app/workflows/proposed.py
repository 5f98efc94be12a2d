"""The policy that a pull request would put in place, when it changes the file."""

from dataclasses import dataclass
from pathlib import Path

from app.forge.git import show
from app.policy.config import POLICY_PATH, Policy, parse_policy
from app.policy.errors import PolicyError
from app.workflows.change import Change


@dataclass(frozen=True)
class Proposed:
    """`text` None: the file is not changed. Taking it away proposes the built-in policy, which is an empty text."""

    text: str | None

    @property
    def policy(self) -> Policy | None:
        return None if self.text is None or self.error else parse_policy(self.text)

    @property
    def error(self) -> str | None:
        if self.text is None:
            return None
        try:
            parse_policy(self.text)
        except PolicyError as error:
            return str(error)
        return None


async def read_proposed(mirror: Path, change: Change) -> Proposed:
    if POLICY_PATH not in change.files:
        return Proposed(None)
    text = await show(mirror, change.head, POLICY_PATH)
    return Proposed((text or b"").decode("utf-8", "replace"))
