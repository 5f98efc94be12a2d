"""The branches of a merge queue: whose turn it is, onto what, and into which base branch. Pure."""

import re
from dataclasses import dataclass

from app.policy.values import Sha

QUEUE_REFS = "heads/gh-readonly-queue/"
"""What the names of a queue's branches begin with. Only GitHub may write them."""
_HEADS = "refs/heads/"
_NAME = re.compile(r"refs/heads/gh-readonly-queue/(?P<base>.+)/pr-(?P<number>[1-9][0-9]{0,8})-(?P<onto>[0-9a-f]{40})")


@dataclass(frozen=True)
class QueueRef:
    """A group for pull request `number`, the last in it. `onto`: the base branch's tip, or the group ahead."""

    name: str
    base: str
    number: int
    onto: Sha


def parse_queue_ref(name: str | None) -> QueueRef | None:
    """None for any other branch. The form is not written down, but shown in examples of the payload.

    https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
    """
    found = _NAME.fullmatch(name or "")
    if found is None:
        return None
    return QueueRef(found[0], found["base"], int(found["number"]), Sha(found["onto"]))


def branch_of(ref: str | None) -> str | None:
    """The branch that a ref names; None for what is none, such as a tag."""
    return ref.removeprefix(_HEADS) if ref is not None and ref.startswith(_HEADS) else None
