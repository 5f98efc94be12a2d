"""The states of a run and the moves between them, as a table. Pure.

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


class RunEvent(StrEnum):
    CLAIM = "claim"
    SUSPEND = "suspend"
    WAKE = "wake"
    RELEASE = "release"
    SUCCEED = "succeed"
    FAIL = "fail"
    CANCEL = "cancel"
    SUPERSEDE = "supersede"


class IllegalTransitionError(Exception):
    """An event that a run in this state cannot meet."""


_S, _E = RunState, RunEvent
_ENDED = frozenset({_S.SUCCEEDED, _S.FAILED, _S.CANCELLED, _S.SUPERSEDED})
TRANSITIONS: dict[RunState, dict[RunEvent, RunState]] = {
    _S.QUEUED: {_E.CLAIM: _S.RUNNING, _E.CANCEL: _S.CANCELLED, _E.SUPERSEDE: _S.SUPERSEDED},
    _S.RUNNING: {
        _E.CLAIM: _S.RUNNING,  # after its lease has run out
        _E.SUSPEND: _S.WAITING,
        _E.RELEASE: _S.QUEUED,
        _E.SUCCEED: _S.SUCCEEDED,
        _E.FAIL: _S.FAILED,
        _E.CANCEL: _S.CANCELLED,
        _E.SUPERSEDE: _S.SUPERSEDED,
    },
    _S.WAITING: {_E.WAKE: _S.QUEUED, _E.CLAIM: _S.RUNNING, _E.CANCEL: _S.CANCELLED, _E.SUPERSEDE: _S.SUPERSEDED},
    **{state: {} for state in _ENDED},
}


def advance(state: RunState, event: RunEvent) -> RunState:
    """The state after `event`. Raises `IllegalTransitionError` where the table has no move."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransitionError(f"a run that is {state} cannot {event}") from None
