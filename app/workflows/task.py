"""What a solving run knows before it starts to work."""

from dataclasses import dataclass

from app.forge.read import IssueFacts
from app.policy.config import Policy
from app.workflows.ground import Ground
from app.workflows.manners import Manners
from app.workflows.understood import NOTHING, Understanding

MOST_AUTONOMY = 5


@dataclass(frozen=True)
class Asker:
    """Who set the label, and what they may do here now."""

    login: str
    permission: str
    id: int = 0
    """Of their account; 0: not known."""
    autonomy: int = MOST_AUTONOMY
    """What people wished for this issue at most; the policy's holds where that is less."""


@dataclass(frozen=True)
class Task:
    issue: IssueFacts
    asker: Asker
    ground: Ground
    policy: Policy
    branch: str
    """Where the work is pushed: a branch that was not there when the run began. Empty: nothing is pushed."""
    understanding: Understanding = NOTHING
    asks: bool = True
    """Whether people may be asked what is wanted."""
    manners: Manners = Manners()
    specialists: tuple[str, ...] = ()
    """Whose words the writer is told besides."""
    expected: tuple[str, ...] = ()
    """Files that were agreed on or found to be part of it; others are asked about. Empty: nothing is known."""
    called: str = "quorum"
    """The name that people call Quorum by, in words that tell them what to say."""
