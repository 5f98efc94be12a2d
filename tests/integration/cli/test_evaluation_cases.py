"""Cases and kept results that cannot be used are told of, with the folder and what to do."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli.evaluation.planted import CaseError, Place, read_case, read_cases
from app.cli.evaluation.results import Result, load_results, save_results
from app.cli.meter import Spent

TEXT = "a = 1\nb = 2\nc = 3\nb = 2\n"
ABOUT = {"title": "So", "description": "It is so.", "language": "python"}
DEFECT = {
    "path": "m.py",
    "quote": "a = 1\nb = 2",
    "perspective": "testing",
    **{name: f"the {name}" for name in ("category", "wrong", "input", "expected", "instead")},
}


def make(folder: Path, **more: Any) -> Path:
    (folder / "after").mkdir(parents=True)
    (folder / "after" / "m.py").write_text(TEXT)
    (folder / "case.yaml").write_text(yaml.safe_dump({**ABOUT, **more}))
    return folder


def test_the_places_of_a_defect_are_its_quote_and_those_where_it_may_also_be_said(tmp_path: Path):
    also = [{"path": "m.py", "quote": "c = 3"}]
    case = read_case(make(tmp_path / "one", defects=[{**DEFECT, "also": also}]))
    assert case.places == ((Place("m.py", 1, 2), Place("m.py", 3, 3)),)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"defects": [{**DEFECT, "quote": "b = 2"}]}, "'b = 2' stands 2 times in after/m.py"),
        ({"defects": [{**DEFECT, "quote": "b ="}]}, "stands 0 times"),
        ({"defects": [{**DEFECT, "path": "n.py"}]}, "a defect is in n.py, which `after` does not have"),
        ({}, "`note` must say why"),
        ({"note": "It is right.", "colour": "red"}, "colour"),
    ],
)
def test_a_case_that_cannot_be_used_is_told_of(tmp_path: Path, more: dict[str, Any], told: str):
    folder = make(tmp_path / "one", **more)
    with pytest.raises(CaseError, match=r"case\.yaml") as caught:
        read_case(folder)
    assert told in str(caught.value)


def test_a_folder_of_cases_and_one_of_them_are_read_once_each(tmp_path: Path):
    for name in ("b", "a"):
        make(tmp_path / name, note="It is right.")
    assert [case.name for case in read_cases([tmp_path, tmp_path / "b"])] == ["a", "b"]


def test_another_file_is_another_digest(tmp_path: Path):
    folder = make(tmp_path / "one", note="It is right.")
    digest = read_case(folder).digest
    assert read_case(folder).digest == digest
    (folder / "after" / "m.py").rename(folder / "after" / "n.py")
    assert read_case(folder).digest != digest


def test_results_come_back_as_they_were_kept(tmp_path: Path):
    result = Result(
        name="one",
        digest="d",
        model="scripted",
        only=(),
        asked=("testing",),
        published=(),
        withdrawn=(),
        dropped=(),
        silent={"testing": "turns: no result"},
        spent={"reviewer:testing": Spent(calls=1, input=7, seconds=0.5)},
        seconds=1.5,
    )
    save_results(tmp_path / "kept.json", [result])
    assert load_results(tmp_path / "kept.json") == [result]
    assert load_results(tmp_path / "none.json") == []


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path):
    file = tmp_path / "package.json"
    file.write_text('{"name": "site"}')
    with pytest.raises(ValueError, match="holds no results of an evaluation"):
        load_results(file)
    assert file.read_text() == '{"name": "site"}'
