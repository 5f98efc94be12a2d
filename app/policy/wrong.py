"""A fault in a policy file that pydantic itself does not know of, with what to write instead."""

from pydantic_core import PydanticCustomError


def wrong(message: str, remedy: str, item: int | str | None = None) -> PydanticCustomError:
    """`item`: the index in the list, or the key. The message goes in as a value: its braces would make a template."""
    return PydanticCustomError("policy", "{message}", {"message": message, "remedy": remedy, "item": item})
