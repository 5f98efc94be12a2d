"""The keys `test` and `setup` of a policy: commands, and what has to be installed before they can run."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from app.policy.wrong import wrong

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MOST = 20
_CHARS = 500


def _sound(value: str) -> str:
    if not value.strip() or _CONTROL.search(value):
        raise wrong("it is blank or has control characters", "Write a command, or leave the key out.")
    return value


def _listed(value: object) -> object:
    """One command is a list of one, `false` a list of none."""
    if value is True:
        raise wrong("`true` is no command", "Write commands; without the key they are found out.")
    if value is False:
        return ()
    return (value,) if isinstance(value, str) else value


Command = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_sound)]
_Step = Annotated[str, Field(min_length=1, max_length=_CHARS), AfterValidator(_sound)]
_Steps = Annotated[tuple[_Step, ...], Field(max_length=_MOST)]
Commands = Annotated[
    _Steps | None, BeforeValidator(_listed, json_schema_input_type=_Step | _Steps | Literal[False] | None)
]
