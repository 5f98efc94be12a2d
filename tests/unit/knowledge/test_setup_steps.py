"""Steps of `copilot-setup-steps.yml` as commands, where they mean the same here."""

import pytest

from app.knowledge.setups.steps import of_steps

_PATH = ".github/workflows/copilot-setup-steps.yml"


def _read(steps: str, job: str = "", top: str = ""):
    text = f"on: workflow_dispatch\n{top}jobs:\n  copilot-setup-steps:\n    runs-on: ubuntu-latest\n{job}    steps:\n"
    return of_steps({_PATH: text + "".join(f"      {line}\n" for line in steps.splitlines())})


@pytest.mark.parametrize(
    ("step", "command"),
    [
        ("- run: npm ci", "npm ci"),
        ("- name: x\n  shell: bash\n  run: npm ci", "npm ci"),
        ("- run: |\n    a\n    b", "set -e\na\nb"),
        ("- run: npm ci\n  working-directory: web/app", "set -e\ncd web/app\nnpm ci"),
        ("- run: npm ci\n  working-directory: ./web/", "set -e\ncd ./web\nnpm ci"),
        ("- run: a\n  env: {B: it's, C: true, D: 1}", "set -e\nexport B='it'\"'\"'s'\nexport C=true\nexport D=1\na"),
    ],
)
def test_a_step_is_run_as_github_would(step, command):
    assert _read(step).commands == (command,)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("- uses: actions/setup-node@v4", "an action of GitHub's"),
        ("- run: ' '", "an action of GitHub's"),
        ("- run: a\n  if: always()", "a condition"),
        ("- run: echo ${{ secrets.TOKEN }}", "only GitHub Actions knows"),
        ("- run: echo a >> $GITHUB_PATH", "only GitHub Actions knows"),
        ("- run: sudo a", "root's rights"),
        ("- run: apt-get -y install a", "root's rights"),
        ("- run: a\n  shell: pwsh", "another shell"),
        ("- run: a\n  working-directory: ../b", "its folder"),
        ("- run: a\n  working-directory: ${{ b }}", "its folder"),
        ("- run: a\n  env: {B: '${{ secrets.B }}'}", "more than plain values"),
        ("- run: a\n  env: {'B; c': d}", "more than plain values"),
        ("- run: a\n  env: {B: [c]}", "more than plain values"),
        (f"- run: {'a' * 4001}", "longer than 4000"),
    ],
)
def test_what_cannot_be_told_is_left_out_and_named(step, reason):
    found = _read(step + "\n- run: fine")

    assert found.commands == ("fine",)
    [left_out] = found.left_out
    assert reason in left_out


def test_what_has_another_way_here_is_not_worth_a_word():
    found = _read("- uses: actions/checkout@v5\n- run: a")
    assert (found.commands, found.left_out) == (("a",), ())


def test_variables_and_folders_of_the_job_are_the_steps_too():
    job = "    env: {A: 1, B: job}\n    defaults: {run: {working-directory: web}}\n"
    found = _read("- run: a\n  env: {B: step}", job, "env: {A: top, C: top}\n")
    assert found.commands == ("set -e\nexport A=1\nexport C=top\nexport B=step\ncd web\na",)


def test_there_is_a_bound_to_how_many():
    found = _read("\n".join(f"- run: a{number}" for number in range(22)))

    assert len(found.commands) == 20
    assert found.left_out == ("`a20`: there are more than 20", "`a21`: there are more than 20")


@pytest.mark.parametrize("text", ["", "[", "jobs: 3", "jobs: {copilot-setup-steps: {steps: [7]}}", "a: &a [*a]"])
def test_an_odd_file_says_nothing(text):
    assert of_steps({_PATH: text}) is None
