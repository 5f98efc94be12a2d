"""The line of a vulnerable package, however its author writes the manifest; what was there before only counts there."""

import pytest

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.dependencies import Advisory, PackageChange, Packages, findings_of, new_advisories, render_packages
from app.policy.finding import MOST_OF_A_PATH, Severity

HIGH = Advisory("GHSA-2222-3333-4444", "high", "It reads any file.")
GRAVE = Advisory("GHSA-5555-6666-7777", "critical", "It runs anything.")
SLOW = Advisory("GHSA-8888-9999-cccc", "moderate", "It is slow.")
LONG = '"left-pad": "1.0.0"'.rjust(5000)


def package(name: str = "left-pad", version: str = "1.0.0", *advisories: Advisory, **more) -> PackageChange:
    told = {"added": True, "manifest": "package.json", "ecosystem": "npm", "licence": "MIT", "scope": "runtime", **more}
    return PackageChange(name=name, version=version, advisories=advisories or (HIGH,), **told)


def file(path: str, *added: str) -> ChangedText:
    lines = tuple(Line(number, text) for number, text in enumerate(added, start=1))
    return ChangedText(path, None, "modified", (Hunk("", lines),))


def found(change: PackageChange, *files: ChangedText):
    return [(each.path, each.start_line) for each in findings_of(Packages((change,)), files, grave=True)]


@pytest.mark.parametrize(
    "line",
    [
        r'"left\u002dpad": "1.0.0"',
        r'"\x6ceft-pad": "1.0.0"',
        r'"\u004CEFT-PAD": "1.0.0"',
        "<id>left&#45;pad</id>",
        '"left-pad": "1.0.0"'.rjust(900),
        LONG,
    ],
    ids=["JSON", "YAML", "of a capital", "XML", "far to the right", "further than is read"],
)
def test_a_name_that_is_hard_to_find_is_found(line):
    lock = package(manifest="package-lock.json")
    assert found(lock, file("package.json", '"name": "a"', line)) == [("package.json", 2)]


def test_a_long_line_says_nothing_where_another_names_the_package():
    assert found(package(), file("package.json", LONG, '"left-pad": "1.0.0"')) == [("package.json", 2)]
    assert found(package(), file("package.json", '"left-pad": "1.0.0"'.ljust(4000))) == [("package.json", 1)]
    assert found(package("right", manifest="package-lock.json"), file("package.json", "x" * 4000)) == []


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("<scope>runtime</scope>", "<version>1.0.0</version>"), 2),
        (("", "gem 'left' + '-pad'", "gem 'other'"), 2),
        ((" ", ""), None),
        ((), None),
    ],
    ids=["its version alone", "no line that names it", "blank lines", "nothing added"],
)
def test_what_github_read_in_a_manifest_came_with_one_of_its_lines(lines, number):
    expected = [("pom.xml", number)] if number else []
    assert found(package("org.some:left-pad", manifest="pom.xml"), file("pom.xml", *lines)) == expected


def test_the_manifest_itself_counts_before_one_beside_it():
    beside, own = file("bower.json", '"left-pad": "1.0.0"'), file("package.json", '"a": "1"', '"left-pad": "1"')
    assert found(package(), beside, own) == found(package(), own, beside) == [("package.json", 2)]


def test_a_file_that_is_no_manifest_by_its_name_is_one_where_github_read_it():
    workflow = ".github/workflows/a.yml"
    change = package("some/action", "1", manifest=workflow)
    assert found(change, file(workflow, "- uses: some/action@v1")) == [(workflow, 1)]


def test_what_cannot_be_placed_keeps_nothing_else_from_it():
    long = f"{'a' * (MOST_OF_A_PATH - len('/package.json'))}/package.json"
    longest, longer = package(manifest=long), package(manifest=f"a{long}")
    assert found(longest, file(long, '"left-pad": "1"')) == [(long, 1)]
    files = [file(f"a{long}", '"left-pad": "1"'), file("package.json", '"left-pad": "1"')]
    several = Packages((longer, package("left-pad", "1", SLOW, GRAVE)))
    assert [each.severity for each in findings_of(several, files, grave=True)] == [Severity.CRITICAL]


def test_two_files_of_which_one_has_a_name_that_no_finding_can_carry():
    folder = "a" * (MOST_OF_A_PATH - len("/package.json"))
    lock, manifest = f"{folder}/package-lock.json", f"{folder}/package.json"
    files = [file(lock, '"left-pad": "1"'), file(manifest, '"left-pad": "1"')]
    assert found(package(manifest=lock), *files) == [(manifest, 1)]


def test_a_name_that_is_no_utf_8_ends_no_review():
    odd, manifest = file("requirements-\udcff.txt", "left-pad==1"), file("requirements.txt", "left-pad==1")
    change = package(manifest="requirements-\ufffd.txt")
    assert found(change, odd) == []
    assert found(change, odd, manifest) == [("requirements.txt", 1)]


def test_what_is_found_is_sure_and_says_by_what_and_many_of_one_line_fit():
    many = [Advisory(f"GHSA-2222-3333-{number:04}", "high", "x" * 190) for number in range(200)]
    (one,) = findings_of(
        Packages((package("left", "1", HIGH, *many),)), [file("package.json", '"left": 1')], grave=True
    )
    assert one.confidence == 1.0
    assert (len(one.claim), len(one.why), len(one.evidence)) == (2000, 4000, 8000)
    (two,) = findings_of(
        Packages((package("left", "1", HIGH, GRAVE),)), [file("package.json", '"left": 1')], grave=True
    )
    assert all(each.ghsa_id in two.evidence for each in (HIGH, GRAVE))


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ({}, {}, False),
        ({"manifest": "package-lock.json"}, {}, False),
        ({"scope": "development"}, {}, True),
        ({"scope": "development"}, {"scope": "unknown"}, True),
        ({"scope": "development"}, {"scope": "development"}, False),
        ({}, {"scope": "development"}, False),
        ({"manifest": "examples/package.json"}, {}, True),
        ({"ecosystem": "pip"}, {}, True),
        ({"name": "left"}, {}, True),
    ],
    ids=[
        "another version", "lock file", "for development", "to an unknown use", "still for development",
        "no longer for users", "an example's", "another registry's", "another package's",
    ],
)  # fmt: skip
def test_what_was_elsewhere_before_is_new_here(before, after, new):
    gone = package(**{"name": "left-pad", **before, "added": False})
    assert bool(new_advisories([gone, package(**after)])) is new


def test_a_manifests_name_adds_no_line_to_what_readers_are_told():
    odd = "a\n- removed: left-pad 1.0.0/package.json"
    (told,) = render_packages(Packages((package(manifest=odd),))).splitlines()
    assert ascii(odd) in told
    (one,) = findings_of(Packages((package(manifest=odd),)), [file(odd, '"left-pad": "1"')], grave=True)
    assert "\n" not in one.evidence
