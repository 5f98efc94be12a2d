"""Tools' schemas as providers want them who hold a model to them while it writes, and who refuses that.

What they take is a part of JSON Schema: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas,
https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations. What is left out is
told in words, and the tool itself looks at all of it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from app.llm.messages import Tool
from app.policy.values import Json

_BOUNDS = (
    *("minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
_NULL: Json = {"type": "null"}
_ABOUT = re.compile(r"strict|schema|grammar|structured.output|function_parameters", re.IGNORECASE)


class Strictness:
    """Which tools one model is held to: all, until it refuses those of a kind of request; older models refuse any."""

    def __init__(self, *, wanted: bool = True) -> None:
        self.wanted = wanted
        self._refused: set[tuple[str, ...]] = set()

    def holds(self, tools: Sequence[Tool]) -> bool:
        return self.wanted and bool(tools) and _names(tools) not in self._refused

    def was_refused(self, tools: Sequence[Tool], status: int, told: str) -> bool:
        """Whether they were, by this answer; then they are not held to from now on, and can be asked for without."""
        refused = self.holds(tools) and refuses_strictness(status, told)
        if refused:
            self._refused.add(_names(tools))
        return refused


def _names(tools: Sequence[Tool]) -> tuple[str, ...]:
    return tuple(tool.name for tool in tools)


def refuses_strictness(status: int, told: str) -> bool:
    """Whether a server, or a model of it, takes no strict tools, or not these: then it is asked without."""
    return status in {400, 422} and bool(_ABOUT.search(told))


def strict_schema(schema: Json, *, all_required: bool) -> Json:
    """`all_required`: as OpenAI wants it, where what may be left out is null instead; see `without_nulls`."""
    return cast("Json", _strict(schema, all_required))


def _strict(schema: Any, all_required: bool) -> Any:
    if isinstance(schema, list):
        return [_strict(each, all_required) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # nothing may stand beside it
    names = {name: _strict(each, all_required) for name, each in schema.get("properties", {}).items()}
    left = {"default", "properties", "required", *_BOUNDS}
    kept = {
        key: {name: _strict(each, all_required) for name, each in value.items()}
        if key == "$defs"
        else _strict(value, all_required)
        for key, value in schema.items()
        if key not in left
    }
    told = [f"{key}: {schema[key]}" for key in _BOUNDS if key in schema]
    told += [f"default: {schema['default']}"] if type(schema.get("default")) in {int, float} else []
    if bounds := ", ".join(told):
        kept["description"] = f"{schema.get('description', '')} ({bounds})".strip()
    if schema.get("type") != "object":
        return kept
    required = schema.get("required", [])
    if all_required:
        names = {name: each if name in required else _or_null(each) for name, each in names.items()}
        required = list(names)
    return {**kept, "properties": names, "required": required, "additionalProperties": False}


def _or_null(schema: Json) -> Json:
    kinds = schema.get("anyOf")
    if isinstance(kinds, list):
        return schema if _NULL in kinds else {**schema, "anyOf": [*kinds, _NULL]}
    described = {key: value for key, value in schema.items() if key == "description"}
    return {"anyOf": [{key: value for key, value in schema.items() if key != "description"}, _NULL], **described}


def without_nulls(value: Json, schema: Json) -> Json:
    """A call's input without what it leaves out, as `schema`, the tool's own, wants it."""
    return cast("Json", _said(value, schema, cast("Mapping[str, Any]", schema.get("$defs", {}))))


def _said(value: Any, schema: Any, defined: Mapping[str, Any]) -> Any:
    if not isinstance(schema, dict):
        return value
    if "$ref" in schema:
        return _said(value, defined.get(str(schema["$ref"]).rpartition("/")[2]), defined)
    if isinstance(value, list):
        return [_said(each, schema.get("items"), defined) for each in value]
    if not isinstance(value, dict):
        return value
    for each in schema.get("anyOf", ()):
        if each != _NULL:
            return _said(value, each, defined)
    names, required = schema.get("properties", {}), schema.get("required", ())
    return {
        name: _said(each, names.get(name), defined)
        for name, each in value.items()
        if each is not None or name in required
    }
