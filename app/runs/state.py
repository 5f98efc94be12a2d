"""The states of a run. Pure.

`running` and `waiting` alternate; a run that is to end otherwise than by itself keeps its `ending` until its workflow's
clean-up has run, and only then takes it as its state.
"""

from enum import StrEnum


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"

    @property
    def ended(self) -> bool:
        return self in _ENDED


_ENDED = frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.SUPERSEDED})
