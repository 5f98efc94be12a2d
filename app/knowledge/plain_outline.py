"""Outlines of files for which there is no parser, told from the forms of their lines: Terraform and Dockerfiles. Pure.

https://developer.hashicorp.com/terraform/language/syntax/configuration, formatted as `terraform fmt` does, and
https://docs.docker.com/reference/dockerfile.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from app.knowledge.symbols import Symbol

_BLOCK = re.compile(r'([a-z_][\w-]{0,60})((?:[ \t]+"[^"\n]{0,200}"){0,3})[ \t]*\{')
_LABEL = re.compile(r'"([^"]*)"')
_ENTRY = re.compile(r"  ([A-Za-z_][\w-]{0,100})[ \t]*=")
_FROM = re.compile(r"FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?", re.IGNORECASE)
_SET = re.compile(r"(?:ARG|ENV)[ \t]+([A-Za-z_]\w{0,100})", re.IGNORECASE)
_NAME_CHARACTERS = 120
_MOST_LINES = 20_000


def plain_outline(family: str, source: bytes) -> tuple[Symbol, ...]:
    """The symbols of a file, in its order, outer ones first; () for a family that is not told from lines."""
    tell = _TELLS.get(family)
    lines = source.decode("utf-8", "replace").split("\n")
    return tuple(tell(lines)) if tell is not None and len(lines) <= _MOST_LINES else ()


def _terraform(lines: Sequence[str]) -> Iterator[Symbol]:
    """Blocks at the margin, each up to the bracket at the margin that closes it; and what `locals` names."""
    number = 0
    while number < len(lines):
        found = _BLOCK.match(lines[number])
        if found is None:
            number += 1
            continue
        whole = lines[number].rstrip().endswith("}")
        end = number if whole else next(_closings(lines, number + 1), len(lines) - 1)
        labels = _LABEL.findall(found[2])
        name, kind = (labels[-1], found[1]) if labels else (found[1], "block")
        yield Symbol(name[:_NAME_CHARACTERS], kind, number + 1, end + 1, labels[0] if len(labels) > 1 else None)
        if found[1] == "locals":
            entries = ((at, _ENTRY.match(lines[at])) for at in range(number + 1, end))
            yield from (Symbol(entry[1], "local", at + 1, at + 1, None) for at, entry in entries if entry is not None)
        number = end + 1


def _closings(lines: Sequence[str], start: int) -> Iterator[int]:
    return (at for at in range(start, len(lines)) if lines[at].startswith("}"))


def _dockerfile(lines: Sequence[str]) -> Iterator[Symbol]:
    """Stages, and the variables that are set in them."""
    starts = [(number, found) for number, line in enumerate(lines) if (found := _FROM.match(line)) is not None]
    ends = [*(number for number, _ in starts[1:]), len(lines)][: len(starts)]
    stages = [
        Symbol((found[2] or found[1])[:_NAME_CHARACTERS], "stage", number + 1, end, None)
        for (number, found), end in zip(starts, ends, strict=True)
    ]
    before = stages[0].start if stages else len(lines) + 1
    yield from _variables(lines, 1, before - 1)
    for stage in stages:
        yield stage
        yield from _variables(lines, stage.start, stage.end)


def _variables(lines: Sequence[str], first: int, last: int) -> Iterator[Symbol]:
    for number in range(first, last + 1):
        found = _SET.match(lines[number - 1])
        if found is not None:
            yield Symbol(found[1], "variable", number, number, None)


_TELLS: Mapping[str, Callable[[Sequence[str]], Iterator[Symbol]]] = {"terraform": _terraform, "docker": _dockerfile}
