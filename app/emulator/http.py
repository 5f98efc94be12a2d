"""What every handler needs: errors in GitHub's form, bodies that are what they should be, and pages."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.emulator.state import World

Json = dict[str, Any]
Body = TypeVar("Body")
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}
_PAGE, _LARGEST_PAGE = 30, 100
_KINDS = {
    "string_type": "is not a string",
    "int_type": "is not an integer",
    "bool_type": "is not a boolean",
    "list_type": "is not an array",
    "dict_type": "is not an object",
    "literal_error": "is not a member of {expected}",
    "string_too_long": "is too long. Only {max_length} characters are allowed",
    "too_long": "has too many items. No more than {max_length} are allowed",
}


class GitHubError(Exception):
    """A refusal. `errors`: objects with resource, field and code, or plain sentences."""

    def __init__(self, status: int, message: str, errors: Sequence[Json | str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
        }
        if errors:
            self.body["errors"] = list(errors)


def invalid(resource: str, field: str, code: str = "invalid", message: str = "") -> GitHubError:
    """https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed."""
    told = {"resource": resource, "field": field, "code": code, **({"message": message} if message else {})}
    return GitHubError(422, "Validation Failed", [told])


def world_of(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def body_of(request: Request, kind: type[Body]) -> Body:
    """The body as a TypedDict; what that does not name is left out. Raises `GitHubError`."""
    try:
        return _adapter(kind).validate_json(await request.body() or b"{}", strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise GitHubError(400, "Problems parsing JSON") from error
        if not first["loc"]:
            raise GitHubError(400, "Body should be a JSON object") from error
        raise GitHubError(422, f"Invalid request.\n\n{_what_is_wrong(error)}") from error


def _adapter(kind: type[Body]) -> TypeAdapter[Body]:
    """Made once for each kind, since that takes long."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _what_is_wrong(error: ValidationError) -> str:
    """In the words of GitHub's own checks."""
    errors = error.errors(include_url=False)
    missing = [f'"{each["loc"][-1]}"' for each in errors if each["type"] == "missing"]
    if missing:
        return f"{', '.join(missing)} {'was' if len(missing) == 1 else 'were'}n't supplied."
    first = errors[0]
    text = _KINDS.get(first["type"], first["msg"]).format_map({"expected": "", **first.get("ctx", {})})
    return (
        f"For 'properties/{'/'.join(map(str, first['loc']))}', {json.dumps(first['input'], default=str)[:80]} {text}."
    )


def parameter(request: Request, name: str, default: int) -> int:
    """A whole number in the query. Raises `GitHubError` when it is none."""
    told = request.query_params.get(name, str(default))
    if not told.isdecimal():
        raise GitHubError(422, f"Invalid request.\n\n{json.dumps(told)} is not an integer: {name}.")
    return int(told)


def page_size(request: Request) -> int:
    return min(_LARGEST_PAGE, max(1, parameter(request, "per_page", _PAGE)))


def paginate(request: Request, items: Sequence[Any]) -> tuple[list[Any], dict[str, str]]:
    """A page of items and its Link header: https://docs.github.com/en/rest/using-the-rest-api/using-pagination."""
    size, page = page_size(request), max(1, parameter(request, "page", 1))
    last = max(1, -(-len(items) // size))
    links = []
    for rel, number in (("prev", page - 1), ("next", page + 1), ("last", last), ("first", 1)):
        if (rel == "prev" and page > 1) or (rel in {"next", "last"} and page < last) or (rel == "first" and page > 1):
            links.append(f'<{request.url.include_query_params(page=number)}>; rel="{rel}"')
    return list(items[(page - 1) * size : page * size]), ({"link": ", ".join(links)} if links else {})


def listed(request: Request, items: Sequence[Any]) -> Response:
    page, headers = paginate(request, items)
    return JSONResponse(page, headers=headers)


def counted(request: Request, name: str, items: Sequence[Any], **more: Any) -> Response:
    """A page inside an object that says how many there are in all."""
    page, headers = paginate(request, items)
    return JSONResponse({"total_count": len(items), name: page, **more}, headers=headers)
