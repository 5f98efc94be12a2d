"""Check runs, created and brought to what is wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.forge.api import GitHub
from app.forge.cut import cut
from app.forge.effects import Effect
from app.policy.values import Json, Sha

_TITLE_CHARS = 250
_ANNOTATIONS_A_REQUEST = 50
"""https://docs.github.com/en/rest/checks/runs"""


@dataclass(frozen=True)
class CheckRun:
    """What a check run is to say. `conclusion` None: it is still in progress, or `queued`. `actions` are buttons."""

    head_sha: Sha
    name: str
    external_id: str
    title: str
    summary: str
    conclusion: str | None = None
    annotations: Sequence[Mapping[str, Any]] = ()
    queued: bool = False
    actions: Sequence[Mapping[str, str]] = ()


def check_run(gh: GitHub, want: CheckRun, *, new: bool = False) -> Effect:
    """Create the check run, or bring the one with this external id to what is wanted.

    `new`: nothing but this effect ever makes one with this external id, so that the first try need not look for it.
    """

    async def do() -> Json:
        return await _bring(gh, want, await _find_check(gh, want))

    async def find() -> Json | None:
        found = await _find_check(gh, want)
        return {"id": found["id"]} if found is not None and _says(found, want) else None

    async def first() -> Json:
        return await _bring(gh, want, None)

    return Effect(do, find, first if new else None)


async def _bring(gh: GitHub, want: CheckRun, found: Any) -> Json:
    """From what is `found` to what is wanted: annotations are only ever added, so many a request, in their order.

    https://docs.github.com/en/rest/checks/runs#update-a-check-run
    """
    rest = list(want.annotations)[int(found["output"]["annotations_count"]) if found else 0 :]
    first, rest = rest[:_ANNOTATIONS_A_REQUEST], rest[_ANNOTATIONS_A_REQUEST:]
    if found is None:
        body = {"name": want.name, "head_sha": want.head_sha, "external_id": want.external_id}
        found = await gh.post("check-runs", {**body, **_check_body(want, first)})
    else:
        found = await gh.patch(f"check-runs/{found['id']}", _check_body(want, first))
    while rest:
        first, rest = rest[:_ANNOTATIONS_A_REQUEST], rest[_ANNOTATIONS_A_REQUEST:]
        await gh.patch(f"check-runs/{found['id']}", _check_body(want, first))
    return {"id": found["id"]}


def edit_check(gh: GitHub, check_id: int, want: CheckRun) -> Effect:
    """Bring a check run that is known to what is wanted; the same again changes nothing."""

    async def do() -> Json:
        await gh.patch(f"check-runs/{check_id}", _check_body(want, []))
        return {"id": check_id}

    async def find() -> Json | None:
        return {"id": check_id} if _says(await gh.get(f"check-runs/{check_id}"), want) else None

    return Effect(do, find)


def _check_body(want: CheckRun, annotations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    status = "queued" if want.queued else "in_progress"
    state = {"status": status} if want.conclusion is None else {"conclusion": want.conclusion}
    title, summary = _words(want)
    said = {"title": title, "summary": summary, "annotations": list(annotations)}
    return {**state, "output": said, **({"actions": list(want.actions)} if want.actions else {})}


def _says(found: Any, want: CheckRun) -> bool:
    """Whether a check run is what is wanted, so far as GitHub gives it back."""
    said = found["output"]
    told = (found["conclusion"], said["title"], said["summary"], said["annotations_count"])
    return told == (want.conclusion, *_words(want), len(want.annotations))


def _words(want: CheckRun) -> tuple[str, str]:
    return want.title[:_TITLE_CHARS], cut(want.summary)


async def _find_check(gh: GitHub, want: CheckRun) -> Any:
    """By name and external id, among our own App's only; whose a job's token is, GitHub does not tell."""
    params: dict[str, str | int] = {"check_name": want.name, "filter": "all"}
    if gh.forge.app_id:
        params["app_id"] = gh.forge.app_id
    async for item in gh.pages(f"commits/{want.head_sha}/check-runs", **params):
        if item["external_id"] == want.external_id:
            return item
    return None
