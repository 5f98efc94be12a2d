"""What the pages show of files, settings and comments can be used: by the parsers that will read it."""

import json
import re
import tomllib
from contextlib import AsyncExitStack
from pathlib import Path
from typing import get_args

import pytest
import typer.main
import yaml
from jsonschema import Draft202012Validator

from app.agents.roles import names_of
from app.cli import app
from app.cli.playground import SCRIPT
from app.llm.opening import open_models
from app.policy.advice import advice_on
from app.policy.commands import Verb, parse_command
from app.policy.own import OwnFile, parse_own
from app.policy.yaml_tree import read_tree
from app.settings import Settings
from app.sources.faults import variables_of
from tests.support.commands_page import leaves
from tests.support.written import PAGES, ROOT, SHELL, Shown, set_by, shown, statements

KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY", "AZURE_OPENAI_API_KEY")
EVERY = [each for path in PAGES for each in shown(path)]
SPANS = [each for each in EVERY if each.language is None]
YAML = [each for each in EVERY if each.language == "yaml"]
WORKFLOW = "# .github/workflows/"
"""Those of docs/action.md are held to GitHub's schema by test_action_files.py."""
POLICIES = [each for each in YAML if not (each.page == "action.md" and each.text.startswith(WORKFLOW))]
OWN = [OwnFile("wording.md", each.text) for each in EVERY if each.language == "markdown"]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/quorum.schema.json").read_text()))
LANGUAGES = {"sh", "yaml", "markdown", "mermaid", "text", "{toctree}", None}
VARIABLES = {name for each, field in Settings.model_fields.items() for name in variables_of(each, field)}
SETS = [
    (each, words)
    for each in EVERY
    for text in (statements(each.text) if each.language == SHELL else [each.text] * (each.language is None))
    if (words := set_by(text)) and (each.language == SHELL or words.keys() <= VARIABLES)
]


def test_every_block_says_what_it_is():
    """Else nobody knows how it is tried: `sh` is typed, see tests/integration/docs; `text` is read by people alone."""
    assert [str(each) for each in EVERY if each.language not in LANGUAGES] == []
    commands = [each for each in EVERY if each.language == "text" and each.page != "commands.md"]
    assert [str(each) for each in commands if re.search(r"(?m)^(\$ |\S*quorum [a-z]+ *(-|$))", each.text)] == []


@pytest.mark.parametrize(("where", "values"), SETS, ids=lambda value: str(value) if isinstance(value, Shown) else "")
async def test_settings_that_are_exported_can_be_used(
    where: Shown, values: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Models are opened and nobody is asked. Who has prices or limits of a model also uses it."""
    assert values.keys() <= VARIABLES
    (file := tmp_path / "FILE").touch()
    for name, value in {**dict.fromkeys(KEYS, "a key"), **values}.items():
        monkeypatch.setenv(name, re.sub("FILE$", str(file), re.sub("/path/that/it/.*", str(SCRIPT), value)))
    settings = Settings()
    if named := [*settings.prices, *settings.model_limits]:
        settings = settings.model_copy(update={"models": {"default": tuple(named)}})
    async with AsyncExitStack() as stack:
        open_models(settings, names_of("perspectives"), stack)


@pytest.mark.parametrize("block", POLICIES, ids=str)
def test_a_policy_can_be_used_and_leaves_nothing_to_think_over(block: Shown):
    assert [each.message for each in advice_on(block.text, OWN if "wording" in block.text else ())] == []
    SCHEMA.validate(read_tree(block.text).value)


def test_the_perspective_that_is_shown_can_be_used():
    (own,) = parse_own(OWN)
    assert (own.name, own.max_turns) == ("wording", 10)


def test_pieces_of_a_policy_have_keys_that_there_are():
    """Such as `{method: squash}`, or `autonomy: 1`, in a sentence of its page."""
    known = set(re.findall(r'"([a-z_]+)": ', json.dumps(SCHEMA.schema)))
    for span in SPANS:
        if span.page == "policy.md" and re.fullmatch(r"\{[a-z_]+: [^…]*\}|[a-z_]+: [a-z0-9]+", span.text):
            value = yaml.safe_load(span.text)
            assert value.keys() <= known | {"quorum"}, span


def test_variables_are_settings():
    """Of the image's tag, and of tests that are told to do more, others read them."""
    others = (ROOT / "deploy/compose.yml").read_text() + (ROOT / "Makefile").read_text()
    others += "".join(path.read_text() for path in (ROOT / "tests").glob("*/*.py"))
    for path in PAGES:
        for name in set(re.findall(r"\bQUORUM_[A-Z][A-Z_]*[A-Z]\b", path.read_text())) - VARIABLES - {"QUORUM_CONFIG"}:
            assert re.search(rf"\b{name}\b", others), f"{path.name}: nothing reads {name}"


def test_keys_of_the_settings_file_are_settings():
    found = [each for each in SPANS if re.fullmatch(r'[a-z_]+ = ".*"', each.text)]
    assert found
    for each in found:
        Settings(**tomllib.loads(each.text))


def test_options_in_sentences_and_comments_are_options_of_some_command():
    told = dict(leaves(typer.main.get_command(app), "quorum"))
    options = {
        name for command in told.values() for each in command.params for name in (*each.opts, *each.secondary_opts)
    }
    of_the_sandbox = set(re.findall(r'"(--[a-z-]+)"', (ROOT / "app/sandbox/bubblewrap.py").read_text()))
    comments = [
        Shown(each.page, each.line, SHELL, comment)
        for each in EVERY
        if each.language == SHELL
        for comment in re.findall(r"# (.*)", each.text)
    ]
    for span in [*comments, *(each for each in SPANS if each.text.startswith("--"))]:
        for word in re.findall(r"(?<!\S)--[a-z-]+", span.text):
            assert word in options | of_the_sandbox, f"{span}: no command has {word}"


def test_files_and_folders_of_ours_are_there():
    """What git leaves out is made by who installs it; a module of tests may go without its ending."""
    made = [each.rstrip("/") for each in (ROOT / ".gitignore").read_text().split()]
    for span in SPANS:
        if re.fullmatch(r"(app|tests|deploy|action|docs)/[\w./@-]+", span.text) and "NAME" not in span.text:
            there = (ROOT / span.text).exists() or (ROOT / f"{span.text}.py").exists()
            assert there or span.text in made, span


@pytest.mark.parametrize("span", [each for each in SPANS if each.text.startswith("@quorum ")], ids=str)
def test_comments_are_commands(span: Shown):
    said = re.sub(r"…", "of that", re.sub(r"\[?[A-Z]{3,}\]?", "testing", span.text))
    command = parse_command(said, "quorum")
    assert command is not None
    assert command.verb != "unknown", command


def test_words_for_comments_are_in_one_table_and_those_that_are_not_are_none():
    text = (ROOT / "docs/solving.md").read_text()
    told, table = set(), text[text.index("## Talking to Quorum") : text.index("## Seeing what it does")]
    for row in re.findall(r"(?m)^\| (`.+?) \|", table):
        first, *more = re.findall(r"`([^`]+)`", row)
        verbs = [verb_of(first), *(verb_of(each) or verb_of(f"{first.split()[0]} {each}") for each in more)]
        assert all(verbs), row
        told |= set(verbs)
    assert told == {*get_args(Verb)} - {"unknown"}
    same = table[table.index("Other words for the same") : table.index("A sentence that only begins")]
    others = re.findall(r"((?:`[a-z-]+`(?:,| and)? )+)\(`([a-z]+)`\)", same)
    assert len(others) > 5
    for words, verb in others:
        assert {verb_of(each) for each in re.findall(r"`([a-z-]+)`", words)} == {verb}
    assert {verb_of("stop using tabs"), verb_of("go and read the parser")} == {None}


def verb_of(words: str) -> str | None:
    command = parse_command(f"@quorum {re.sub('…|[A-Z]{3,}', 'testing', words)}", "quorum")
    return command.verb if command is not None and command.verb != "unknown" else None
