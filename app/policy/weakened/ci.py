"""Checks that no longer run, or whose failure no longer counts: in CI and in the commands that it calls."""

import re
from collections.abc import Iterator

from app.policy.changed_text import ChangedText, Hunk, Line, Region
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.places import is_ci
from app.policy.weakened.whole import Whole, bare

_CHECKS = re.compile(
    r"""(?ix)
      \b(?:pytest|unittest|tox|nox|ruff|flake8|pylint|mypy|pyright|bandit|black|isort|jest|vitest|mocha|eslint|tsc
      |prettier|rspec|rubocop|clippy|golangci-lint|staticcheck|govulncheck|shellcheck|hadolint|actionlint|zizmor
      |yamllint|codecov|codeql|pip-audit|detect-secrets|gitleaks|trivy|semgrep|coverage|checkstyle|spotbugs|cypress|playwright)\b
    | \b(?:cargo|go|npm|yarn|pnpm|make|mvn|gradle|gradlew|rake|dotnet|mix|bundle\ exec|just|(?:npm|yarn|pnpm)\ run)
      \ (?:-\w+\ )*(?:tests?|vet|lint|check|verify|audit|typecheck|type-check|e2e|fmt\ --check)\b
    """
)
_NO_CHECK = re.compile(
    r"(?i)^\s*(?:#|//)|\b(?:install|add|uses: actions/(?:cache|setup|upload|download))\b"
    r"|^- ?(?:id|name): |^name: |\becho\b|_VERSION"
)
_ABOUT_CHECKS = re.compile(r"(?i)test|lint|check|verif|scan|audit|cov")
_TOLERATED = re.compile(
    r"(?:\|\| ?(?:true|:|exit 0|echo\b)|; ?(?:true|exit 0)$|--exit-zero\b|--passWithNoTests\b|--no-verify\b"
    r"|-DskipTests\b|-Dmaven\.test\.(?:skip|failure\.ignore)|-x test\b|--no-fail\b|--soft-fail\b|--exit-code[ =]0\b)"
)
_UNHELD = re.compile(
    r"^(?:- )?(?:continue-on-error: ?(?:true|\$\{\{)|allow_failure: ?true|fail_ci_if_error: ?false"
    r"|if: ?(?:[\"']?false\b|\$\{\{ ?false ?\}\})|when: (?:never|manual)|enabled: ?false|failFast: ?false|set \+e\b)"
)
_TRIGGER = re.compile(r"^(?:- )?[\"']?(?:pull_request(?:_target)?|merge_group)[\"']?:?(?: ?\[?\]?)?$")
_STEP = re.compile(r"^- \w|^[\w.-]+:$|^- $")
_NEAR = 6
_STEP_LINES = 60


def lowered_steps(whole: Whole) -> Iterator[Weakening]:
    """In files that were there before; what a new step does not check was not checked before either."""
    kept = {tool for line in whole.added for tool in _tools(line)}
    triggers = any(_TRIGGER.match(line) or "pull_request" in line for line in whole.added)
    for file in whole.files:
        if file.was is not None and is_ci(file.was) and not is_ci(file.path) and ".github/workflows/" in file.was:
            yield Weakening(Kind.CI_LOWERED, file.path, 1, file.was, "GitHub runs no workflow under the new name")
        if not is_ci(file.path) or file.status == "added":
            continue
        for hunk in file.hunks:
            for region in hunk.regions:
                yield from _gone(file, region, whole, kept)
            yield from _unheld(file, hunk, whole)
        gone = next((line for line in file.removed if _TRIGGER.match(line.told)), None)
        if gone is not None and file.status != "removed" and not triggers:
            yield weakening(Kind.CI_LOWERED, file, gone, "pull requests no longer start this workflow")


def _gone(file: ChangedText, region: Region, whole: Whole, kept: set[str]) -> Iterator[Weakening]:
    """Commands that check, where no command that checks took their place, here or in another file."""
    if any(_CHECKS.search(line.told) and not _NO_CHECK.search(line.told) for line in region.added):
        return
    lost = [
        line
        for line in region.removed
        if (tools := _tools(line.told)) and not tools & kept and bare(line) not in whole.added
    ]
    if lost:
        more = f", and {len(lost) - 1} more commands beside it" if len(lost) > 1 else ""
        yield weakening(Kind.CI_LOWERED, file, lost[0], f"this check runs no more{more}")


def _unheld(file: ChangedText, hunk: Hunk, whole: Whole) -> Iterator[Weakening]:
    for region in hunk.regions:
        commands = {_command(line.told) for line in region.removed}
        unheld = {_key(line) for line in region.removed if _UNHELD.match(line.told)}
        for index, line in enumerate(region.lines, start=region.start):
            if line.sign != "+" or bare(line) in whole.removed:
                continue
            if _UNHELD.match(line.told) and _key(line) not in unheld:
                if _is_of_check(hunk, index) and not _is_new_step(hunk, region, index):
                    yield weakening(Kind.CI_LOWERED, file, line, "its failure no longer counts, or it runs no more")
            elif _is_tolerant(line) and _command(line.told) in commands:
                yield weakening(Kind.CI_LOWERED, file, line, "the command was there before, and its failure counted")


def _is_of_check(hunk: Hunk, index: int) -> bool:
    near = hunk.lines[max(0, index - _NEAR) : index + _NEAR]
    return (
        any(_ABOUT_CHECKS.search(line.told) for line in near if line.sign == " ")
        or _ABOUT_CHECKS.search(hunk.heading[:400]) is not None
    )


def _is_new_step(hunk: Hunk, region: Region, index: int) -> bool:
    """Whether the step or job that a key belongs to is new too: one that begins above it, set in less."""
    line = hunk.lines[index]
    if region.removed:
        return False
    above = hunk.lines[max(region.start, index - _STEP_LINES) : index]
    return line.told.startswith("- ") or any(
        each.sign == "+" and each.indent < line.indent and _STEP.match(each.told) for each in above
    )


def _is_tolerant(line: Line) -> bool:
    return bool(_TOLERATED.search(line.told) and _CHECKS.search(line.told)) and not line.told.startswith("#")


def _command(told: str) -> str:
    """What is run, without what makes its failure count or not."""
    return " ".join(_TOLERATED.sub("", told.removeprefix("- ").removeprefix("run:")).split()).strip("\"', ")


def _key(line: Line) -> str:
    return line.told.removeprefix("- ").partition(":")[0]


def _tools(told: str) -> set[str]:
    return set() if _NO_CHECK.search(told) else {found.lower() for found in _CHECKS.findall(told)}
