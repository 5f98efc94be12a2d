"""One turn as the journal keeps it: what was heard before it, what the model answered or why it did not, how long."""

from dataclasses import dataclass
from typing import Literal, cast

from app.agents.listening import Said
from app.llm.codec import dump_reply, load_reply
from app.llm.errors import BudgetExceededError, ModelError, RequestTooLongError
from app.llm.messages import Reply
from app.policy.values import Json, JsonValue

Why = Literal["model_error", "budget", "too_long"]
_FAILED, _WHY, _SAID, _SECONDS = "failed", "why", "said", "seconds"


@dataclass(frozen=True)
class Turn:
    """`reply` None: there was none, `failed` says what happened and `why` which kind of trouble it was.

    That there was none is kept too: what a run did because of it must hold at a replay. `seconds` are counted only
    where an agent's time is limited.
    """

    reply: Reply | None
    said: tuple[Said, ...] = ()
    seconds: float = 0.0
    failed: str = ""
    why: Why = "model_error"

    def to_json(self) -> JsonValue:
        value: Json = {_FAILED: self.failed, _WHY: self.why}
        if self.reply is not None:
            value = cast("Json", dump_reply(self.reply))
        if self.said:
            value[_SAID] = [[each.id, each.text] for each in self.said]
        return {**value, _SECONDS: self.seconds} if self.seconds else value

    @classmethod
    def from_json(cls, value: JsonValue) -> "Turn":
        """Turns that were journalled by a version without some of the keys are read as well."""
        told = dict(cast("Json", value))
        said = tuple(Said(str(id_), str(text)) for id_, text in cast("list[list[str]]", told.pop(_SAID, [])))
        seconds = float(cast("float", told.pop(_SECONDS, 0.0)))
        if _FAILED in told:
            return cls(None, said, seconds, str(told[_FAILED]), cast("Why", told.get(_WHY, "model_error")))
        return cls(load_reply(told), said, seconds)


def why(error: ModelError) -> Why:
    """The kind of trouble, as far as it makes a difference for what is done about it."""
    if isinstance(error, BudgetExceededError):
        return "budget"
    return "too_long" if isinstance(error, RequestTooLongError) else "model_error"
