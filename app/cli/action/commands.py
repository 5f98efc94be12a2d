"""Words by which a step speaks to its runner, on standard output. Pure.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from app.cli.reviewing.outcome import Remark
from app.forge.clean import clean_plain
from app.policy.finding import Severity

MOST_OF_A_KIND = 10
"""Annotations of a kind that GitHub keeps of one step: https://github.com/orgs/community/discussions/26680."""
_MESSAGE_CHARS = 4000
_KINDS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.NIT: "notice",
}


def annotations(remarks: Sequence[Remark]) -> Iterator[str]:
    """A command for each remark, the gravest first, as many of a kind as are shown."""
    ranked = sorted(remarks, key=lambda each: each.severity.rank)
    for _, same in groupby(ranked, key=lambda each: _KINDS[each.severity]):
        yield from (_annotation(each) for each in list(same)[:MOST_OF_A_KIND])


def _annotation(remark: Remark) -> str:
    place = {"file": remark.path}
    if remark.start_line:
        place |= {"line": str(remark.start_line), "endLine": str(max(remark.start_line, remark.end_line))}
    title = clean_plain(f"{remark.by}: {remark.category}").replace("\n", " ")[:200]
    message = clean_plain(f"{remark.claim}\n\n{remark.why}").strip()[:_MESSAGE_CHARS]
    return command(_KINDS[remark.severity], message, {**place, "title": title})


def command(name: str, message: str, properties: Mapping[str, str] | None = None) -> str:
    """One line, whatever stands in it: neither the message nor a property can end it or begin another."""
    told = ",".join(f"{key}={_property(value)}" for key, value in (properties or {}).items())
    return f"::{name}{' ' if told else ''}{told}::{_data(message)}"


def _data(text: str) -> str:
    """As the runner takes it apart: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
