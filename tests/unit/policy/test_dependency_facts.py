"""What is known of packages that a change brings in: told as facts, and as findings where it is severe and new."""

import pytest

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.dependencies import (
    Advisory,
    PackageChange,
    Packages,
    findings_of,
    may_change_packages,
    render_packages,
)
from app.policy.finding import Severity

HIGH = Advisory("GHSA-2222-3333-4444", "high", "It reads any file.")
GRAVE = Advisory("GHSA-5555-6666-7777", "critical", "It runs anything.")


def package(name: str = "left-pad", version: str = "1.0.0", *advisories: Advisory, **more) -> PackageChange:
    told = {"added": True, "manifest": "package.json", "ecosystem": "npm", "licence": "MIT", "scope": "runtime", **more}
    return PackageChange(name=name, version=version, advisories=advisories, **told)


def file(path: str, *added: str) -> ChangedText:
    lines = tuple(Line(number, text) for number, text in enumerate(added, start=1))
    return ChangedText(path, None, "modified", (Hunk("", lines),))


def found(change: PackageChange, *files: ChangedText, grave: bool = True):
    return findings_of(Packages((change,)), files, grave=grave)


def test_a_severe_vulnerability_stands_on_the_line_that_brings_it_in():
    manifest = file("package.json", '  "left-pad-extra": "1.0.0",', '  "left-pad": "1.0.0"')
    (one,) = found(package("left-pad", "1.0.0", HIGH), file("other.json", '"left-pad": 1'), manifest)

    assert (one.path, one.start_line, one.quote) == ("package.json", 2, '  "left-pad": "1.0.0"')
    assert one.severity is Severity.MAJOR
    assert "left-pad 1.0.0" in one.claim
    assert "GHSA-2222-3333-4444" in one.claim
    assert "It reads any file." in one.why


@pytest.mark.parametrize(
    ("change", "grave", "severity"),
    [
        (package("left", "1", GRAVE), True, Severity.CRITICAL),
        (package("left", "1", GRAVE), False, Severity.MINOR),
        (package("left", "1", HIGH, scope="development"), True, Severity.MINOR),
        (package("left", "1", HIGH, scope="unknown"), True, Severity.MAJOR),
        (package("left", "1", HIGH, GRAVE), True, Severity.CRITICAL),
        (package("left", "1", Advisory("GHSA-2222-3333-4444", "moderate", "It is slow.")), True, None),
        (package("left", "1", HIGH, added=False), True, None),
        (package("left", "1"), True, None),
    ],
    ids=["critical", "security alone", "development", "unknown scope", "several", "moderate", "removed", "none"],
)
def test_how_grave_it_is(change, grave, severity):
    said = found(change, file("package.json", '"left": "1"'), grave=grave)
    assert [each.severity for each in said] == ([severity] if severity else [])


def test_several_of_one_line_are_one_finding_that_names_each():
    (one,) = found(package("left", "1", HIGH, GRAVE), file("package.json", '"left": "1"'))
    assert all(each.ghsa_id in one.claim and each.summary in one.why for each in (HIGH, GRAVE))


@pytest.mark.parametrize(
    ("name", "line", "names"),
    [
        ("Left_Pad", "left-pad==1.0", True),
        ("left-pad", "left_pad>=1", True),
        ("org.example:left-pad", "<artifactId>left-pad</artifactId>", True),
        ("github.com/some/left-pad", "require github.com/some/left-pad v1.0.0", True),
        ("@types/left", '"@types/left": "1"', True),
        ("left", "left[extra]==1", True),
        ("left", '"@types/left": "1"', False),
        ("left", "left-pad==1", False),
        ("left", "cleft==1", False),
        ("pad", "left-pad==1", False),
        ("github.com/some/left", "require github.com/some/left/v2 v2.0.0", False),
    ],
)
def test_which_line_names_a_package(name, line, names):
    lock = package(name, "1.0", HIGH, manifest="package-lock.json")
    assert bool(found(lock, file("package.json", line))) is names


def test_of_several_lines_that_name_it_the_one_with_its_version_counts():
    manifest = file("requirements.txt", "left<3  # see below", "left==1.0.0")
    (one,) = found(package("left", "1.0.0", HIGH, manifest="requirements.txt"), manifest)
    assert one.start_line == 2


def test_what_a_lock_file_brings_in_stands_in_the_manifest_beside_it_or_nowhere():
    change = package("left", "1.0.0", HIGH, manifest="web/package-lock.json")
    assert [each.path for each in found(change, file("web/package.json", '"left": "^1"'))] == ["web/package.json"]
    assert found(change, file("package.json", '"left": "^1"')) == []
    assert found(change, file("web/notes.md", "left")) == []
    assert found(change, file("web/package.json", '"right": "^1"')) == []


def test_another_version_with_the_same_vulnerability_makes_nothing_worse():
    before, after = package("left", "1", HIGH, added=False), package("left", "2", HIGH, GRAVE)
    (one,) = findings_of(Packages((before, after)), [file("package.json", '"left": "2"')], grave=True)
    assert "GHSA-5555-6666-7777" in one.claim
    assert "GHSA-2222-3333-4444" not in one.claim


def test_readers_are_told_of_all_with_licences_and_the_vulnerable_first():
    told = render_packages(
        Packages((package("old", added=False), package("b", licence=""), package("a", "2", HIGH)), 7)
    )
    where = "(npm, package.json, runtime)"
    assert told.splitlines() == [
        f"- added: a 2 {where}; licence MIT; known vulnerabilities: high GHSA-2222-3333-4444: It reads any file.",
        f"- added: b 1.0.0 {where}; licence unknown",
        f"- removed: old 1.0.0 {where}; licence MIT",
        "- and 7 more",
    ]
    assert render_packages(Packages()) == render_packages(Packages(())) == ""
    assert render_packages(Packages(tuple(package(str(each)) for each in range(100)))).endswith("- and 20 more")


def test_a_path_that_no_finding_can_carry_has_none():
    long = f"{'a/' * 600}package.json"
    assert found(package("left", "1", HIGH, manifest=long), file(long, '"left": "1"')) == []


@pytest.mark.parametrize(
    ("path", "may"), [("web/package.json", True), ("poetry.lock", True), ("go.sum", True), ("src/app.py", False)]
)
def test_which_files_are_a_reason_to_look(path, may):
    assert may_change_packages(["docs/a.md", path]) is may
