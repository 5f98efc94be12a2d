"""GitHub's REST API as its published description has it, by way of the client that githubkit generates from it.

The client's source is read, not run: each method names its path, its verb and the models of its answers.
"""

import ast
import importlib.util
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Union

from githubkit_schemas.latest import models
from pydantic import TypeAdapter

_GAPS = {
    # The description names only events with fields of their own; "closed" and its like come too.
    ("GET", "/repos/{}/{}/issues/{}/events"): "list[Union[LabeledIssueEvent, UnlabeledIssueEvent, IssueEvent]]",
}
_PARTS = (
    "actions",
    "apps",
    "checks",
    "dependency_graph",
    "git",
    "issues",
    "orgs",
    "pulls",
    "rate_limit",
    "reactions",
    "repos",
    "teams",
)
"""Of the client's modules those that the emulator has routes of; the others would only take time to read."""
_HOLE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Operation:
    """`answer` None: there is nothing to parse. `errors`: the models of refusals, by status. Both as source."""

    method: str
    path: str
    answer: ast.expr | None
    errors: Mapping[int, ast.expr]


def shape(path: str) -> str:
    """A path with its parameters unnamed: names and kinds differ between the two sides."""
    return _HOLE.sub("{}", path).rstrip("/") or "/"


@cache
def operations() -> Mapping[tuple[str, str], Operation]:
    """Every operation that GitHub describes, by verb and shape of path."""
    found = {(each.method, shape(each.path)): each for source in _sources() for each in _operations(source)}
    gaps = {key: ast.parse(kind, mode="eval").body for key, kind in _GAPS.items()}
    return found | {key: replace(found[key], answer=kind) for key, kind in gaps.items()}


def parse(kind: ast.expr, answer: Any) -> None:
    """Raises pydantic's `ValidationError`."""
    _adapter(ast.unparse(kind)).validate_python(answer)


def parse_webhook(event: str, payload: Any) -> None:
    """One model a pair of event and action: githubkit's own parser builds those of all actions, which takes long."""
    words = f"webhook_{event}_{payload.get('action', '')}".split("_")
    getattr(models, "".join(word.capitalize() for word in words)).model_validate(payload)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_type(ast.parse(kind, mode="eval").body))


def _sources() -> Iterator[Path]:
    found = importlib.util.find_spec(models.CheckRun.__module__)
    assert found is not None
    assert found.origin is not None
    yield from (Path(found.origin).parents[1] / "rest" / f"{name}.py" for name in _PARTS)


def _operations(source: Path) -> Iterator[Operation]:
    kinds = [node for node in ast.parse(source.read_text()).body if isinstance(node, ast.ClassDef)]
    for node in (node for kind in kinds for node in kind.body if isinstance(node, ast.FunctionDef)):
        path = next((_text(each.value) for each in node.body if _sets_url(each)), None)
        if path is not None and isinstance(node.body[-1], ast.Return):
            yield _operation(path, node.body[-1].value)


def _operation(path: str, call: ast.expr | None) -> Operation:
    assert isinstance(call, ast.Call)
    named = {each.arg: each.value for each in call.keywords}
    errors = named.get("error_models")
    pairs = zip(errors.keys, errors.values, strict=True) if isinstance(errors, ast.Dict) else ()
    told = {str(ast.literal_eval(key)): value for key, value in pairs if key}
    by_status = {int(status): value for status, value in told.items() if status.isdigit()}
    return Operation(ast.literal_eval(call.args[0]), path, named.get("response_model"), by_status)


def _sets_url(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "url"


def _text(node: ast.expr) -> str:
    """An f-string with its holes left open."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    return str(ast.literal_eval(node))


def _type(node: ast.expr) -> Any:
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        kinds = tuple(_type(each) for each in inner)
        return list[kinds] if ast.unparse(node.value) == "list" else Union[kinds]  # noqa: UP007 - made at run time
    name = ast.unparse(node)
    simple = {"str": str, "int": int, "Any": Any, "None": None}
    return simple[name] if name in simple else getattr(models, name)
