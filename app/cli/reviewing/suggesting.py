"""Suggestions as they are shown: those that apply to the files as they are, and change something."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.agents.panel import Heard
from app.agents.suggested import Unfit, fit
from app.forge.git import show
from app.policy.finding import Finding
from app.policy.values import Sha
from app.sandbox.planting import modes_of

_REGULAR = frozenset({b"100644", b"100755"})


async def only_fitting(mirror: Path, head: Sha, heard: Mapping[str, Heard]) -> dict[str, Heard]:
    """The same findings. A suggestion that does not fit the file at `head` is left out."""
    wanted = sorted({each.path for said in heard.values() for each in said.kept if each.suggestion is not None})
    modes = await modes_of(mirror, head, wanted)
    contents = {path: await show(mirror, head, path) for path in wanted if modes.get(path) in _REGULAR}
    return {
        name: replace(said, kept=tuple(_held(each, contents.get(each.path)) for each in said.kept))
        for name, said in heard.items()
    }


def _held(finding: Finding, content: bytes | None) -> Finding:
    if finding.suggestion is None:
        return finding
    found = Unfit("it is not for a regular file") if content is None else fit(finding, content)
    return finding.model_copy(update={"suggestion": None if isinstance(found, Unfit) else found.text})
