"""What pydantic says of a policy file, in words for who wrote it: the place, the key, what is wrong, what to write."""

import difflib
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.policy.errors import PolicyError
from app.policy.yaml_tree import Tree, shown

_Path = tuple[str | int, ...]
_SEE = "See {} for what may stand there."
_MAPPING = "input should be a mapping of keys to values"
_LINES = "Write `key: value` lines below it."
_MESSAGES = {"model_type": _MAPPING, "dict_type": _MAPPING, "string_unicode": "it holds half of a character"}
"""Where pydantic speaks of its own classes."""
_REMEDIES = {
    "model_type": _LINES,
    "dict_type": _LINES,
    "tuple_type": "Write a list: `[...]`, or a line that begins with `- ` for each.",
    "too_short": "Name at least one, or leave the key out.",
    "too_long": "Name fewer.",
    "int_type": "Write a whole number, without quotes.",
    "int_from_float": "Write a whole number.",
    "float_type": "Write a number, without quotes.",
    "bool_type": "Write `true` or `false`, without quotes.",
    "literal_error": "Write one of them.",
    "string_unicode": "Write the character itself, not one half of it as `\\u....`.",
    "string_type": "Write text; in quotes, where it could be read as a number or as yes and no.",
}


def first_fault(model: type[BaseModel], error: ValidationError, tree: Tree, see: str) -> PolicyError:
    """The fault that stands first in the file. `see`: where it is written what may stand there.

    A list whose items are wrong is too short for pydantic as well, and a union tells of every branch: what is said of
    a whole is left out where something is said of a part of it.
    """
    told = [(_written(each["loc"], tree), each) for each in error.errors(include_url=False, include_input=False)]
    wholes = {path[:length] for path, _ in told for length in range(len(path))}
    faults = [_fault_of(model, details, tree, see) for path, details in told if path not in wholes]
    return min(faults, key=lambda fault: (fault.line, fault.column))


def _fault_of(model: type[BaseModel], details: ErrorDetails, tree: Tree, see: str) -> PolicyError:
    """The fault that `details` tell of. The path is told by the keys that the file has; pydantic's own are left out."""
    path, context = _written(details["loc"], tree), details.get("ctx", {})
    item = context.get("item")
    place = tree.place(path if item is None else (*path, item))
    if details["type"] == "extra_forbidden":
        inside = _model_at(model, path[:-1])
        message = f"there is no key `{shown(_told(path))}`"
        return PolicyError(place.line, place.column, message, _nearest(str(path[-1]), inside))
    if details["type"] == "missing":
        missing = str(details["loc"][-1])
        return PolicyError(place.line, place.column, f"`{_told(path)}`: `{missing}` is missing", f"Add `{missing}`.")
    remedy = str(context.get("remedy", "")) or _example(model, path) or _advice(details) or _SEE.format(see)
    message = _MESSAGES.get(details["type"], details["msg"][:1].lower() + details["msg"][1:]).replace("tuple", "list")
    return PolicyError(place.line, place.column, f"`{shown(_told(path))}`: {message}", remedy)


def _written(loc: _Path, tree: Tree) -> _Path:
    """The parts that stand in the file: tags of unions do not. The first part is always a key."""
    path: _Path = ()
    for part in loc:
        if (*path, part) in tree.places:
            path = (*path, part)
    return path or loc[:1]


def _told(path: _Path) -> str:
    """`rules[1].applies_to.paths`: counted from 1, as people do."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _nearest(key: str, model: type[BaseModel]) -> str:
    """Case and dashes are the commonest slips; looking for near words is bounded by the key's length."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    close = difflib.get_close_matches(key[:40].lower().replace("-", "_"), names, n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Keys are {', '.join(names)}."


def _model_at(model: type[BaseModel], path: _Path) -> type[BaseModel]:
    """The model whose keys belong at a path."""
    for part in path:
        if isinstance(part, str):
            field = next((f for name, f in model.model_fields.items() if part in {name, f.alias}), None)
            model = (_model_in(field.annotation) if field is not None else None) or model
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each)) is not None), None)


def _example(model: type[BaseModel], path: _Path) -> str:
    """Of a key at the top. What is inside of one has no example of its own."""
    key = str(path[0]) if path else ""
    field = model.model_fields.get(key)
    example = field.examples[0] if field is not None and field.examples else None
    if example is None or isinstance(example, dict) or (isinstance(example, list) and isinstance(example[0], dict)):
        return ""
    if isinstance(example, list):
        return f"For example: `{key}: [{', '.join(str(item) for item in example)}]`."
    return f"For example: `{key}: {example}`."


def _advice(details: ErrorDetails) -> str:
    """What to write instead, by the kind of fault."""
    bound = details["type"].startswith(("greater_than", "less_than"))
    return "Write a number within that bound." if bound else _REMEDIES.get(details["type"], "")
