"""What is published of the Action: its metadata, its page and the workflows on it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli.action.inputs import Inputs
from tests.support.action_tables import ACTION, PAGE, filled

TOLD: dict[str, Any] = yaml.safe_load(ACTION.read_text("utf-8"))
STEPS: list[dict[str, Any]] = TOLD["runs"]["steps"]
TEXT = PAGE.read_text("utf-8")
WORKFLOWS = dict(re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE))
EXPRESSION = re.compile(r"\$\{\{")
MAIN = next(each for each in STEPS if each.get("id") == "quorum")


def test_the_metadata_has_the_keys_that_github_knows_and_those_that_it_wants():
    """https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax."""
    assert (
        {"name", "description", "runs"}
        <= TOLD.keys()
        <= {*("name", "description", "runs", "author", "branding", "inputs", "outputs")}
    )
    assert TOLD["runs"].keys() == {"using", "steps"}
    assert TOLD["runs"]["using"] == "composite"
    for each in TOLD["inputs"].values():
        assert each.keys() == {"description", "default"}
    for each in TOLD["outputs"].values():
        assert each.keys() == {"description", "value"}
    for step in STEPS:
        assert step.keys() <= {"name", "id", "if", "uses", "with", "shell", "env", "run"}
        assert ("uses" in step) != ("run" in step)
        assert "run" not in step or step["shell"] == "bash"


def test_the_program_knows_every_input_and_has_no_other():
    assert {name.replace("-", "_") for name in TOLD["inputs"]} == set(Inputs.model_fields)
    passed = {name: value for name, value in MAIN["env"].items() if name.startswith("QUORUM_INPUT_")}
    assert passed == {
        f"QUORUM_INPUT_{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}" for name in TOLD["inputs"]
    }


def test_the_defaults_are_those_of_the_program():
    given = {name.replace("-", "_"): each["default"] for name, each in TOLD["inputs"].items() if each["default"]}
    assert Inputs(**{**given, "github_token": ""}) == Inputs()


def test_nothing_is_put_into_a_shell_but_by_its_environment():
    assert [step["name"] for step in STEPS if EXPRESSION.search(step.get("run", ""))] == []


def test_actions_of_others_are_pinned_to_a_commit():
    used = [step["uses"] for step in STEPS if "uses" in step] + re.findall(r"uses: (?!OWNER)(\S+)", TEXT)
    assert used
    assert [each for each in used if not re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40}", each)] == []


def test_no_cache_is_taken_unless_the_workflow_wants_it():
    """Whoever can write one of the default branch would write files of this job: actions/cache unpacks any path."""
    using = [step for step in STEPS if "actions/cache" in step.get("uses", "")]
    assert len(using) == 2
    assert all("inputs.keep-reviews == 'true' && github.event_name == 'pull_request'" in step["if"] for step in using)
    assert TOLD["inputs"]["keep-reviews"]["default"] == "false"


def test_what_is_installed_is_what_the_lock_file_names():
    (install,) = [step["run"] for step in STEPS if "pip install" in step.get("run", "")]
    assert "--require-hashes --no-deps --only-binary :all: --requirement deploy/requirements.txt" in install
    assert re.findall(r"(?:PYTHON|python)\" (?!-I)", install) == []


def test_the_runner_reads_one_stream():
    assert "2>&1" in MAIN["run"]


def test_no_cache_is_written_for_an_event_of_the_base_branch():
    saving = [step for step in STEPS if "actions/cache/save" in step.get("uses", "")]
    assert [step["with"]["path"] for step in saving] == ["${{ runner.temp }}/quorum-reviews"]
    assert all("github.event_name == 'pull_request'" in step["if"] for step in saving)


def test_the_tables_of_the_page_are_current():
    assert filled(TEXT) == TEXT, "run `python -m tests.support.action_tables`"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_workflows_of_the_page_use_inputs_and_outputs_that_there_are(name: str):
    steps = [step for job in yaml.safe_load(WORKFLOWS[name])["jobs"].values() for step in job["steps"]]
    ours = [step for step in steps if step.get("uses", "").startswith("OWNER/quorum/action@")]
    assert len(ours) == 1
    assert ours[0]["with"].keys() <= TOLD["inputs"].keys()
    assert set(re.findall(r"steps\.quorum\.outputs\.([\w-]+)", WORKFLOWS[name])) <= TOLD["outputs"].keys()


@pytest.mark.parametrize(("schema", "pages"), [("github-actions", ()), ("github-workflows", tuple(WORKFLOWS))])
def test_they_are_as_the_published_schemas_want_them(tmp_path: Path, schema: str, pages: tuple[str, ...]):
    files = [tmp_path / Path(name).name for name in pages] or [ACTION]
    for name, file in zip(pages, files, strict=False):
        file.write_text(WORKFLOWS[name])
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_job_of_the_page_comes_to_an_end():
    jobs = [job for text in WORKFLOWS.values() for job in yaml.safe_load(text)["jobs"].values()]
    assert all(job["timeout-minutes"] <= 180 for job in jobs)


def test_zizmor_finds_nothing_to_say_of_the_action_and_of_the_workflows(tmp_path: Path):
    for name, text in WORKFLOWS.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        # Ours is not published yet, so that nobody can pin it; that is the reader's choice, and the page says so.
        file.write_text(text.replace("OWNER/quorum/action@v1", f"OWNER/quorum/action@{'a' * 40} # v1"))
    (tmp_path / "action").mkdir()
    (tmp_path / "action" / "action.yml").write_text(ACTION.read_text("utf-8"))
    done = subprocess.run(
        [
            Path(sys.executable).with_name("zizmor"),
            "--offline",
            "--no-progress",
            "--persona",
            "pedantic",
            "--format",
            "plain",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(WORKFLOWS) == 4
    assert done.returncode == 0, done.stdout + done.stderr
