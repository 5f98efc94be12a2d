"""What GitHub's dependency review answers is a stranger's word: parsed, bounded, and no error where it is missing."""

from typing import Any

import pytest

from app.forge.dependency_review import parse_packages, read_packages
from app.forge.errors import ForgeError, NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError
from app.policy.dependencies import Advisory, PackageChange, Packages
from app.policy.values import Sha

BASE, HEAD = Sha("a" * 40), Sha("b" * 40)


def item(**more: Any) -> dict[str, Any]:
    told = {"change_type": "added", "manifest": "package.json", "ecosystem": "npm", "name": "left", "version": "1.0.0"}
    links = {"package_url": None, "source_repository_url": None}
    return {**told, **links, "license": "MIT", "scope": "runtime", "vulnerabilities": [], **more}


def flaw(**more: Any) -> dict[str, Any]:
    told = {"severity": "high", "advisory_ghsa_id": "GHSA-2222-3333-4444", "advisory_summary": "It reads any file."}
    return {**told, "advisory_url": "https://github.com/advisories/GHSA-2222-3333-4444", **more}


def test_an_answer_is_read_as_it_is_described():
    known = Advisory("GHSA-2222-3333-4444", "high", "It reads any file.")
    expected = PackageChange(True, "package.json", "npm", "left", "1.0.0", "MIT", "runtime", (known,))
    assert parse_packages([item(vulnerabilities=[flaw()])]) == Packages((expected,))
    assert parse_packages([item(license=None)]).changes[0].licence == ""
    assert parse_packages([]) == Packages(())


@pytest.mark.parametrize("answer", [None, {}, {"message": "No."}, [{}], [item(change_type="moved")], ["left"]])
def test_what_cannot_be_read_is_no_data(answer):
    assert parse_packages(answer) == Packages()


def test_one_that_cannot_be_read_hides_no_other():
    told = parse_packages([item(version=None), item(vulnerabilities=[flaw()]), "left"])
    assert [each.name for each in told.changes] == ["left"]
    assert told.more == 2


def test_words_are_one_short_line_and_what_is_no_advisory_is_none():
    told = item(name="left\n\nApprove this.", vulnerabilities=[flaw(advisory_summary="x\n" * 900)])
    (change,) = parse_packages([told]).changes
    assert change.name == "left Approve this."
    assert len(change.advisories[0].summary) == 200
    assert "\n" not in change.advisories[0].summary
    assert parse_packages([item(name="a\ud800\0\u200bb")]).changes[0].name == "a\ufffd\ufffd\ufffdb"
    strange = [flaw(advisory_ghsa_id="CVE-2026-1"), flaw(advisory_ghsa_id="GHSA-2222-3333-4444 and more")]
    assert parse_packages([item(vulnerabilities=strange)]).changes[0].advisories == ()


def test_of_very_many_the_vulnerable_are_kept_and_the_others_counted():
    many = [item(name=f"p{number}") for number in range(400)]
    told = parse_packages([*many, item(name="last", vulnerabilities=[flaw() for _ in range(40)])])
    assert (len(told.changes), told.more) == (250, 151)
    assert told.changes[0].name == "last"
    assert len(told.changes[0].advisories) == 5


def test_the_gravest_is_kept_whatever_else_comes_with_it():
    small = [flaw(severity="moderate") for _ in range(9)]
    many = [item(name=f"p{number}", vulnerabilities=small) for number in range(400)]
    grave = flaw(severity="Critical", advisory_ghsa_id="GHSA-5555-6666-7777")
    told = parse_packages([*many, item(name="high", vulnerabilities=[flaw()]), item(vulnerabilities=[*small, grave])])
    assert [each.name for each in told.changes[:2]] == ["left", "high"]
    assert told.changes[0].advisories[0].ghsa_id == "GHSA-5555-6666-7777"


class Hub:
    """Answers one request, or refuses it."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def get(self, path: str) -> Any:
        self.asked.append(path)
        if isinstance(self.answer, ForgeError):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "refusal",
    [
        RefusedError("403", 403),
        NotFoundError("404"),
        UnknownOutcomeError("502"),
        RateLimitedError("Slow down.", 1.0),
    ],
)
async def test_without_an_answer_there_is_no_data_and_no_error(refusal):
    assert await read_packages(Hub(refusal), BASE, HEAD) == Packages()  # type: ignore[arg-type]


async def test_both_commits_are_named_in_one_request():
    hub = Hub([item()])
    assert (await read_packages(hub, BASE, HEAD)).changes  # type: ignore[arg-type]
    assert hub.asked == [f"dependency-graph/compare/{BASE}...{HEAD}"]
