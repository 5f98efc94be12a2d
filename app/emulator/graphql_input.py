"""What a mutation or a field was given, read out of the text and variables.

It is no parser of GraphQL: it knows `mutation(input: {key: value, ...})`, `mutation(input: $variable)` and
`field(key: value, ...)`.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

Json = dict[str, Any]
_INPUT = r"\s*\(\s*input\s*:\s*(?:\$(?P<variable>\w+)|\{(?P<fields>[^}]*)\})"
_FIELD = re.compile(r'(\w+)\s*:\s*(?:\$(\w+)|"([^"]*)"|(\w+))')
_WORDS = {"true": True, "false": False, "null": None}


def asked_of(query: str, variables: Mapping[str, Any], known: Collection[str]) -> tuple[str | None, Json]:
    """The mutation's name and its input. Without one in the text, the first variable is the pull request's id.

    The name is None when it is none of those that are known.
    """
    name = next((each for each in known if re.search(rf"\b{each}\b", query)), None)
    found = re.search(rf"\b{name}{_INPUT}", query)
    if name is None or found is None:
        return name, {"pullRequestId": next(iter(variables.values()), None)}
    if found["variable"]:
        return name, dict(variables.get(found["variable"]) or {})
    fields = _FIELD.findall(found["fields"])
    return name, {key: _value(variables, *told) for key, *told in fields}


def arguments_of(query: str, variables: Mapping[str, Any], field: str) -> Json | None:
    """What a field of a query was given; None when the query has no such field with arguments."""
    found = re.search(rf"\b{field}\s*\(([^)]*)\)", query)
    if found is None:
        return None
    return {key: _value(variables, *told) for key, *told in _FIELD.findall(found[1])}


def _value(variables: Mapping[str, Any], variable: str, text: str, word: str) -> Any:
    """A variable's value, a text, or a word such as `true` and `SQUASH`."""
    return variables.get(variable) if variable else _WORDS.get(word, word) if word else text
