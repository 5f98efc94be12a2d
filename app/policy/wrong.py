"""A fault in a policy file that pydantic itself does not know of, with what to write instead."""

from pydantic_core import PydanticCustomError


def wrong(message: str, remedy: str, item: int | None = None) -> PydanticCustomError:
    """`item`: the index in the list. The message goes in as a value, as its braces would be read as a template."""
    return PydanticCustomError("policy", "{message}", {"message": message, "remedy": remedy, "item": item})
