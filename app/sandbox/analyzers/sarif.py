"""Reading SARIF 2.1.0, the format that analyzers share. What cannot be read raises.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from app.sandbox.analyzers.alarm import Alarm, alarm_of
from app.sandbox.box import TREE
from app.sandbox.errors import ReportError

_DEEPEST_RULE = 8
"""Parts of a rule's name."""
_NO_FAULT = frozenset({"pass", "notApplicable"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class _Message(_Part):
    text: str | None = None
    markdown: str | None = None
    id: str | None = None


class _Artifact(_Part):
    uri: str | None = None
    uri_base_id: str | None = None
    index: int = -1


class _ListedArtifact(_Part):
    location: _Artifact = _Artifact()


class _Region(_Part):
    start_line: int = 0
    end_line: int = 0


class _Physical(_Part):
    artifact_location: _Artifact = _Artifact()
    region: _Region = _Region()


class _Location(_Part):
    physical_location: _Physical = _Physical()


class _Defaults(_Part):
    level: str = "warning"


class _Rule(_Part):
    id: str
    default_configuration: _Defaults = _Defaults()
    message_strings: dict[str, _Message] = {}


class _RuleReference(_Part):
    id: str | None = None
    index: int = -1


class _Suppression(_Part):
    status: str = "accepted"


class _Result(_Part):
    rule_id: str | None = None
    rule_index: int = -1
    rule: _RuleReference = _RuleReference()
    kind: str = "fail"
    level: str | None = None
    message: _Message = _Message()
    locations: tuple[_Location, ...] = ()
    suppressions: tuple[_Suppression, ...] | None = None
    baseline_state: str | None = None


class _Driver(_Part):
    rules: tuple[_Rule, ...] = ()


class _Tool(_Part):
    driver: _Driver = _Driver()


class _Run(_Part):
    tool: _Tool = _Tool()
    artifacts: tuple[_ListedArtifact, ...] = ()
    original_uri_base_ids: dict[str, _Artifact] = {}
    results: tuple[_Result, ...]
    """Without results the tool did not look (§3.14.23); that it found nothing is an empty list."""


class _Log(_Part):
    version: Literal["2.1.0"]
    runs: tuple[_Run, ...]


def read_sarif(tool: str, text: str) -> list[Alarm]:
    """The alarms of every run. Raises `ReportError`. Suppressed results are none (§3.27.23)."""
    try:
        log = _Log.model_validate_json(text.removeprefix("\ufeff"))
    except ValidationError as error:
        raise ReportError(f"it printed no SARIF 2.1.0: {_first(error)}") from error
    return [alarm for run in log.runs for alarm in _alarms_of_run(tool, run)]


def _first(error: ValidationError) -> str:
    told = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, told["loc"]))
    return f"`{place}`: {told['msg']}" if place else told["msg"]


def _alarms_of_run(tool: str, run: _Run) -> Iterator[Alarm]:
    rules = run.tool.driver.rules
    by_id = {rule.id: rule for rule in reversed(rules)}
    for result in run.results:
        yield from _alarms(tool, run, result, _rule_of(rules, by_id, result))


def _alarms(tool: str, run: _Run, result: _Result, rule: _Rule | None) -> Iterator[Alarm]:
    """One for each place that the result names."""
    if result.kind in _NO_FAULT or result.baseline_state == "absent" or _is_suppressed(result):
        return
    name = result.rule_id or result.rule.id or (rule.id if rule else "")
    level = result.level or (rule.default_configuration.level if rule else "warning")
    for location in result.locations:
        place = location.physical_location
        path = _path_of(run, place.artifact_location)
        if path is not None:
            lines = (place.region.start_line, place.region.end_line)
            yield alarm_of(tool, name, level, path, lines, _words(result, rule))


def _is_suppressed(result: _Result) -> bool:
    """§3.27.23: all of them must be accepted."""
    given = result.suppressions or ()
    return bool(given) and all(each.status == "accepted" for each in given)


def _rule_of(rules: Sequence[_Rule], by_id: Mapping[str, _Rule], result: _Result) -> _Rule | None:
    """By its index or, as that need not be there, its id; `CA1000/1` is a case of `CA1000` (§3.27.5 to 3.27.7).

    No result looks through all rules: both are as many as who wrote the report likes.
    """
    index = max(result.rule_index, result.rule.index)
    if 0 <= index < len(rules):
        return rules[index]
    name = result.rule_id or result.rule.id or ""
    for _ in range(_DEEPEST_RULE):
        if name in by_id:
            return by_id[name]
        name = name.rpartition("/")[0]
    return None


def _words(result: _Result, rule: _Rule | None) -> str:
    known = rule.message_strings.get(result.message.id or "") if rule else None
    said: list[Any] = [result.message.text, known.text if known else None, result.message.markdown]
    return next((each for each in said if each), "")


def _path_of(run: _Run, artifact: _Artifact) -> str | None:
    """The path from the root of the work tree; None for what lies elsewhere or is not said."""
    if artifact.uri is None and 0 <= artifact.index < len(run.artifacts):
        artifact = run.artifacts[artifact.index].location
    if artifact.uri is None:
        return None
    base = run.original_uri_base_ids.get(artifact.uri_base_id or "", _Artifact()).uri or ""
    try:
        uri = urlsplit(artifact.uri if ":" in artifact.uri.split("/")[0] else base + artifact.uri)
    except ValueError:
        return None
    path = unquote(uri.path)
    if uri.scheme not in {"", "file"} or (path.startswith("/") and not path.startswith(TREE)):
        return None
    return path.removeprefix(TREE) or None
