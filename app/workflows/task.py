"""What a solving run knows before it starts to work."""

from dataclasses import dataclass

from app.forge.read import IssueFacts
from app.policy.config import Policy
from app.workflows.ground import Ground


@dataclass(frozen=True)
class Asker:
    """Who set the label, and what they may do here now."""

    login: str
    permission: str


@dataclass(frozen=True)
class Task:
    issue: IssueFacts
    asker: Asker
    ground: Ground
    policy: Policy
    branch: str
    """Where the work is pushed: a branch that was not there when the run began."""
