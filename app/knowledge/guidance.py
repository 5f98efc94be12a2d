"""Which files tell those who work on the code how to, and in which order they are read: nearest first. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from app.policy.errors import PolicyError
from app.policy.globs import Paths
from app.policy.paths import glob_problem
from app.policy.yaml_tree import read_tree

_IN_ANY_FOLDER = ("AGENTS.md", "CLAUDE.md")
"""https://agents.md: the one nearest to the edited file comes first."""
_AT_THE_ROOT = (".github/copilot-instructions.md",)
_CONTRIBUTING = re.compile(r"(?:\.github/|docs/)?contributing(?:\.md|\.rst|\.txt)?", re.IGNORECASE)
"""https://docs.github.com/en/communities/setting-up-your-project-for-healthy-contributions/setting-guidelines-for-repository-contributors"""
_INSTRUCTIONS = re.compile(r"\.github/instructions/(?:[^/]+/)*[^/]+\.instructions\.md")
"""https://docs.github.com/en/copilot/how-tos/configure-custom-instructions/add-repository-instructions"""
_MOST = 12
_LEAST_CHARS = 200
_GLOBS_CHARS = 2000
_CUT = "\n… (cut)"


def guidance_paths(paths: Iterable[str], near: Sequence[str]) -> tuple[str, ...]:
    """Of a project's files those with guidance for who works on the files `near`, in the order of their weight."""
    there = set(paths)
    folders = sorted({folder for path in near for folder in _folders_of(path)}, key=lambda each: -each.count("/"))
    nested = [f"{folder}/{name}" for folder in folders for name in _IN_ANY_FOLDER]
    found = [path for path in (*nested, *_IN_ANY_FOLDER, *_AT_THE_ROOT) if path in there]
    found += sorted(path for path in there if _INSTRUCTIONS.fullmatch(path))
    found += sorted((path for path in there if _CONTRIBUTING.fullmatch(path)), key=len)[:1]
    return tuple(found[:_MOST])


def lay_out(texts: Mapping[str, str], near: Sequence[str], room: int) -> str:
    """The files in their order, each under its name, as far as the room goes; a copy of another is left out.

    Instructions for certain files are left out where `near` names files and none of these is one of them.
    """
    parts: list[str] = []
    seen: set[str] = set()
    for path, text in texts.items():
        told = _without_front(text) if _INSTRUCTIONS.fullmatch(path) else text
        body = told.strip()
        if not body or body in seen or _points_elsewhere(body) or not _applies(path, text, near):
            continue
        seen.add(body)
        head = f"--- {path} ---\n"
        left = room - sum(len(part) + 2 for part in parts) - len(head)
        if left < _LEAST_CHARS:
            break
        parts.append(head + (body if len(body) <= left else body[: left - len(_CUT)] + _CUT))
    return "\n\n".join(parts)


def _folders_of(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]


def _points_elsewhere(body: str) -> bool:
    """A link to another file with guidance, or the one line that has it read: that file is read for itself."""
    return "\n" not in body and body.lstrip("@./").rpartition("/")[2] in _IN_ANY_FOLDER


def _applies(path: str, text: str, near: Sequence[str]) -> bool:
    if not _INSTRUCTIONS.fullmatch(path):
        return True
    globs = _apply_to(text)
    return not globs or not near or any(Paths(near).first(glob) is not None for glob in globs)


def _apply_to(text: str) -> list[str]:
    """Globs with commas between them; none where all files are meant, or where it cannot be read."""
    parts = text.split("---\n", 2)
    if len(parts) < 3 or parts[0].strip():  # noqa: PLR2004 - nothing, the front matter, the text
        return []
    try:
        told = read_tree(parts[1]).value
    except PolicyError:
        return []
    globs = str(told.get("applyTo") or "") if isinstance(told, dict) else ""
    listed = [each.strip() for each in globs[:_GLOBS_CHARS].split(",") if glob_problem(each.strip()) is None]
    return [] if {"**", "**/*", "*"} & set(listed) else listed


def _without_front(text: str) -> str:
    parts = text.split("---\n", 2)
    return text if len(parts) < 3 or parts[0].strip() else parts[2]  # noqa: PLR2004 - as above
