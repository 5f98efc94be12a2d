"""The corpus is what it says: faults on changed lines, proofs that fail for them, enough of each kind."""

import re
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.agents.anchor import Lines, anchor
from app.cli.evaluation.planted import Place, PlantedCase, Spot, read_cases
from app.gitcmd import git
from app.policy.finding import Finding, Severity
from app.sandbox.diffs import parse_diff
from app.sandbox.worktree import diff
from tests.support.proofs import prove

CORPUS = Path(__file__).parents[2] / "corpus"
CASES = read_cases([CORPUS])
PLANTED = [case for case in CASES if case.about.defects]
CLEAN = [case for case in CASES if not case.about.defects]
PERSPECTIVES = (
    *("security", "performance", "architecture", "testing", "documentation", "infrastructure", "database", "api"),
    "dependencies",
)
GIVING_AWAY = re.compile(r"\b(bugs?|defect|vulnerab\w*|planted|exploit\w*|insecure|fixme)\b", re.IGNORECASE)


def test_there_are_enough_of_each_kind():
    assert len(PLANTED) >= 40
    assert len(CLEAN) >= 20
    languages = Counter(case.about.language for case in CASES)
    assert languages["python"] >= 28
    assert languages["javascript"] + languages["typescript"] >= 14
    assert languages["go"] >= 8
    others = sum(count for name, count in languages.items() if name not in {"python", "javascript", "typescript", "go"})
    assert others >= 10


def test_each_perspective_has_something_to_find():
    found = Counter(defect.perspective for case in PLANTED for defect in case.about.defects)
    assert set(found) == set(PERSPECTIVES)
    assert min(found.values()) >= 2


def test_it_stays_small():
    sizes = [file.stat().st_size for file in CORPUS.rglob("*") if file.is_file()]
    assert sum(sizes) < 1_500_000
    assert max(sizes) < 30_000


@pytest.fixture(scope="module")
def touched(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Lines]:
    """By `CASE/PATH`: one diff of all cases at once, as git is slow to start."""
    import asyncio

    return asyncio.run(_touched(tmp_path_factory.mktemp("corpus")))


async def _touched(folder: Path) -> Mapping[str, Lines]:
    mirror = folder / "mirror.git"
    await git("init", "--quiet", "--bare", str(mirror))
    trees = []
    for side in ("before", "after"):
        for case in CASES:
            shutil.copytree(case.folder / side, folder / side / case.name)
        index = folder / f"{side}.index"
        await git("add", "--all", "--force", "--", ".", git_dir=mirror, index=index, work_tree=folder / side)
        trees.append((await git("write-tree", git_dir=mirror, index=index)).decode().strip())
    files = parse_diff(await diff(mirror, *trees))
    return {file.path: Lines(file.added | file.beside_removed, file.shown) for file in files}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_changes_something_and_its_faults_stand_there(case: PlantedCase, touched: Mapping[str, Lines]):
    own = {path.partition("/")[2]: lines for path, lines in touched.items() if path.startswith(f"{case.name}/")}
    assert own, "before and after are the same"
    findings = [_finding(spot, place) for spot, place in _spots(case)]
    texts = {path: (case.after / path).read_text() for path in own if (case.after / path).is_file()}
    anchored = anchor(findings, texts, own)
    assert not anchored.dropped
    for kept, (_, place) in zip(anchored.kept, _spots(case), strict=True):
        assert place.start <= kept.start_line <= kept.end_line <= place.end


def _spots(case: PlantedCase) -> list[tuple[Spot, Place]]:
    told = [(defect, *defect.also) for defect in case.about.defects]
    return [pair for spots, places in zip(told, case.places, strict=True) for pair in zip(spots, places, strict=True)]


def _finding(spot: Spot, place: Place) -> Finding:
    """What a reviewer who saw the fault would quote."""
    where = {"path": spot.path, "start_line": place.start, "end_line": place.end, "quote": spot.quote}
    return Finding(severity=Severity.MAJOR, category="fault", claim="It is wrong.", **where)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nothing_in_it_gives_it_away(case: PlantedCase):
    told = [case.name, case.about.title, case.about.description]
    told += [
        file.read_text() for side in ("before", "after") for file in (case.folder / side).rglob("*") if file.is_file()
    ]
    assert [match[0] for text in told for match in GIVING_AWAY.finditer(text)] == []


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_a_fault_is_told_by_its_input(case: PlantedCase):
    for defect in case.about.defects:
        assert all((defect.category, defect.wrong, defect.input, defect.expected, defect.instead))
        assert defect.expected != defect.instead
        assert defect.perspective in PERSPECTIVES


def test_every_proof_fails_as_it_is_and_passes_once_repaired(tmp_path: Path):
    proven = [(case, proof) for case in PLANTED for proof in sorted(case.folder.glob("proof.*")) if _can_run(proof)]
    assert len(proven) >= 20
    pairs = []
    for case, proof in proven:
        pairs += [(_copy(case, tmp_path / f"{case.name}-after"), proof), (_repaired(case, tmp_path), proof)]
    told = prove(pairs)
    wrong = {}
    for (case, _), as_it_is, repaired in zip(proven, told[::2], told[1::2], strict=True):
        if not as_it_is.startswith("failed") or repaired != "passed":
            wrong[case.name] = (as_it_is, repaired)
    assert not wrong


def test_what_can_be_run_has_a_proof():
    runnable = {"python", "javascript", "shell", "sql"}
    lacking = [case.name for case in PLANTED if case.about.language in runnable and not [*case.folder.glob("proof.*")]]
    assert not lacking


def _can_run(proof: Path) -> bool:
    """Python and a shell are everywhere; Node need not be."""
    return proof.suffix != ".js" or shutil.which("node") is not None


def _copy(case: PlantedCase, to: Path) -> Path:
    shutil.copytree(case.after, to)
    return to


def _repaired(case: PlantedCase, folder: Path) -> Path:
    tree = _copy(case, folder / f"{case.name}-repaired")
    for repair in case.about.repair:
        file = tree / repair.path
        text = file.read_text()
        assert text.count(repair.old) == 1, f"{case.name}: {repair.old!r} stands {text.count(repair.old)} times"
        file.write_text(text.replace(repair.old, repair.new))
    return tree
