"""Rules of linters and type checkers that are switched off in their settings, or made advice."""

import re
from collections.abc import Iterator

from app.policy.changed_text import ChangedText, Hunk, Line, Region
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.places import is_ci, is_config
from app.policy.weakened.whole import Whole, bare

_SETTING = re.compile(r"^[\"']?([\w@/.-]+)[\"']?\s*[:=]\s*(\[?\s*[\"']?(?:true|false|error|warn|off|[012])\b)")
_STRICT = re.compile(
    r"(?i)strict\w*|no(?!emit)[a-z]\w*|alwaysStrict|exactOptional\w*|disallow_\w+|check_untyped_defs|warn_\w+"
    r"|no_implicit\w*|xfail_strict|strict_\w+|show_missing|branch|Enabled|useUnknownInCatchVariables|failOnViolation|failsOnError"
)
_LAX = re.compile(r"ignore_errors|ignoreFailures|allow_untyped_\w+|implicit_optional|testFailureIgnore")
_RANK = {"false": 0, "off": 0, "0": 0, "warn": 1, "1": 1, "true": 2, "error": 2, "2": 2}
_RULES_FILE = re.compile(r"eslint|biome|tslint|stylelint|oxlint")
_COP_FILE = re.compile(r"rubocop|golangci|detekt")
_LIST = re.compile(
    r"(?:^|[\s.])(?:extend-)?(?:ignore|disable|skips|disabled_rules|disable_error_code|per-file-ignores)[\"']?\s*[=:]"
    r"|per-file-ignores\]$"
)
_CODE = re.compile(r"\b[A-Z]{1,6}\d{2,5}\b|(?<=[\"'])[A-Z]{1,5}(?=[\"'])|(?<=[\"'])[a-z]+(?:-[a-z]+)+(?=[\"'])")
_FLAGS = re.compile(r"-D ?warnings\b|-Werror\b|--strict\b(?!-)|-W ?error\b|--max-warnings[ =]0\b|--deny[- ]warnings")
_FOR_TESTS = re.compile(r"(?i)[\"'][^\"']*(?:test|spec)[^\"']*[\"'] ?[=:]")
_HEAD_LINES = 15


def switched_off(whole: Whole) -> Iterator[Weakening]:
    """In settings that were there before, and in the options of commands that check."""
    for file in whole.files:
        if file.status in {"added", "removed"}:
            continue
        for hunk in file.hunks if is_config(file.path) or is_ci(file.path) else ():
            for region in hunk.regions:
                if is_config(file.path):
                    yield from _settings(file, region, whole)
                    yield from _lists(file, hunk, region, whole)
                yield from _flags(file, region)


def _settings(file: ChangedText, region: Region, whole: Whole) -> Iterator[Weakening]:
    before = {found[0]: found[1] for line in region.removed if (found := _setting(line)) is not None}
    for line in region.added:
        found = _setting(line)
        if found is None or bare(line) in whole.removed:
            continue
        key, rank = found
        was = before.get(key)
        if was is not None and rank < was and (_RULES_FILE.search(file.path) or _STRICT.fullmatch(key)):
            yield weakening(Kind.LINTER_SILENCED, file, line, f"{key} was stricter before")
        elif was is None and rank == 0 and _is_off(file, line):
            yield weakening(Kind.LINTER_SILENCED, file, line, f"{key} is switched off")
        elif _LAX.fullmatch(key) and rank > (was or 0):
            yield weakening(Kind.LINTER_SILENCED, file, line, f"{key} lets faults pass")


def _is_off(file: ChangedText, line: Line) -> bool:
    if _RULES_FILE.search(file.path):
        return bool(re.search(r"[\"']off[\"']|: ?\[?0\b", line.told))
    return bool(_COP_FILE.search(file.path)) and line.told == "Enabled: false"


def _setting(line: Line) -> tuple[str, int] | None:
    found = _SETTING.match(line.told)
    return None if found is None else (found[1], _RANK[found[2].strip("[ \"'")])


def _lists(file: ChangedText, hunk: Hunk, region: Region, whole: Whole) -> Iterator[Weakening]:
    """Codes of rules that a list of what to ignore has more than before."""
    before = {code for line in region.removed for code in _CODE.findall(line.told)}
    for index, line in enumerate(region.lines, start=region.start):
        if line.sign != "+" or line.told.startswith("#") or bare(line) in whole.removed:
            continue
        told = re.sub(r"\s#.*", "", line.told)
        codes = [code for code in _CODE.findall(told) if code not in before]
        if codes and not _FOR_TESTS.search(told) and (_LIST.search(told) or _stands_in_list(hunk, index)):
            yield weakening(Kind.LINTER_SILENCED, file, line, f"{', '.join(codes[:5])} is ignored now")


def _stands_in_list(hunk: Hunk, index: int) -> bool:
    """Whether the list of what to ignore begins above, and has not ended."""
    for line in reversed(hunk.lines[max(0, index - _HEAD_LINES) : index]):
        if line.sign == "-":
            continue
        if _LIST.search(line.told):
            return line.told.endswith(("[", "=", ":", "]") if "per-file" in line.told else ("[", "=", ":"))
        if line.told.startswith(("[", "]")) or ("=" in line.told and "[" not in line.told):
            return False
        if line.told.endswith("= ["):
            return False
    return False


def _flags(file: ChangedText, region: Region) -> Iterator[Weakening]:
    """Options that make a warning a fault, gone from a command that stayed."""
    if len(region.removed) != len(region.added):
        return
    for old, new in zip(region.removed, region.added, strict=True):
        lost = set(_FLAGS.findall(old.told)) - set(_FLAGS.findall(new.told))
        if lost and _FLAGS.sub("", old.told).split()[:3] == _FLAGS.sub("", new.told).split()[:3]:
            yield weakening(Kind.LINTER_SILENCED, file, new, f"without {', '.join(sorted(lost))} it lets more pass")
