"""A project's own perspectives, read from their files: what can be used, and how a fault is told."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.config import Policy, makes_policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.own import MAX_FILE_BYTES, MAX_FILES, OwnFile, as_text, fault_in, file_at_fault, parse_own
from app.policy.rules import KNOWN
from app.policy.words import words_on
from tests.support.own import FOLDER, WORDS, own_file, own_text

KINDS = ("markdown", "yaml")


def fault(*files):
    with pytest.raises(PolicyError) as caught:
        parse_own(files)
    return str(caught.value)


def test_a_file_is_a_perspective():
    (own,) = parse_own([own_file(max_turns=9, paths="['*.html', 'locale/']")])

    assert (own.name, own.title, own.words) == ("wording", "Wording", WORDS)
    assert (own.max_turns, own.paths, own.later) == (9, ("*.html", "locale/"), False)


def test_what_is_left_out_has_a_default_and_notes_beside_are_left_alone():
    (own,) = parse_own([OwnFile("README.md", "About these files."), own_file()])

    assert (own.max_turns, own.paths, own.reads) == (15, None, "repository")


def test_what_its_reader_may_look_at_can_be_narrowed_and_makes_it_another_perspective():
    def digested(**more):
        return words_on(parse_policy("", [own_file(**more)]), ["a.py"]).digested

    assert parse_own([own_file(reads="diff")])[0].reads == "diff"
    assert parse_own([own_file("security", reads="repository")])[0].reads == "repository"
    assert digested(reads="diff") != digested(reads="changed_files")
    assert digested(reads="repository") == digested()
    assert '"reads"' not in digested(), "verdicts from before there was the key still stand"


def test_lines_may_end_as_on_windows_and_begin_with_a_mark():
    (own,) = parse_own([OwnFile("wording.md", "\ufeff" + own_text().replace("\n", "\r\n"))])

    assert own.words == WORDS


WRONG = {
    "no front matter": (OwnFile("a.md", "Look."), "a.md, line 1, column 1: it does not begin with front matter"),
    "an open one": (OwnFile("a.md", "---\nname: a\n"), "it does not begin with front matter"),
    "nothing in it": (OwnFile("a.md", "---\n---\nLook."), "`name` is missing"),
    "broken YAML": (OwnFile("a.md", "---\nname: a\ntitle: [\n---\nLook."), "a.md, line"),
    "an alias": (OwnFile("a.md", "---\nname: &a a\ntitle: *a\n---\nLook."), "line 2, column 7: anchors and aliases"),
    "no words": (OwnFile("a.md", "---\nname: a\ntitle: A\n---\n \n"), "line 6, column 1: it says nothing"),
    "another name": (OwnFile("b.md", own_text("c")), "b.md, line 2, column 1: `name`: it calls itself `c`"),
    "secrets": (own_file("a", secrets="true"), "line 4, column 1: there is no key `secrets`"),
    "tools": (own_file("a", tools="[bash]"), "there is no key `tools`"),
    "what nobody reads": (own_file("a", reads="everything"), "`reads`: "),
    "less for one of ours": (
        own_file("security", reads="diff"),
        "take nothing away. Leave `reads` out.",
    ),
    "an effect": (own_file("a", outward_effect="true"), "there is no key `outward_effect`"),
    "too many turns": (own_file("a", max_turns=31), "less than or equal to 30"),
    "no turn": (own_file("a", max_turns=0), "greater than or equal to 1"),
    "a glob for all": (own_file("a", paths="['**']"), "matches every file"),
    "a blank title": (own_file("a", title="' '"), "`title`: it is blank"),
    "upper case": (OwnFile("Wording.md"), "`Wording` cannot be the name of a perspective"),
    "a long name": (own_file("a" * 21), "cannot be the name"),
    "an odd sign": (OwnFile("w\u00f6rter.md"), r"`w\xf6rter` cannot be the name"),
    "markup": (OwnFile("](x).md"), "cannot be the name"),
    "the gate's check": (own_file("gate"), "`gate` would be taken for something else"),
    "an override's target": (own_file("people"), "would be taken for something else"),
    "a reason": (own_file("as-built"), "would be taken for something else"),
    "a key": (own_file("facade"), "would be taken for something else"),
    "a folder in it": (OwnFile("more/a.md", own_text("a")), "more/a.md, line 1, column 1: it is no file NAME.md"),
    "another ending": (OwnFile("a.txt", own_text("a")), "it is no file NAME.md"),
    "other bytes": (as_text("a.md", b"---\n\xe9"), "byte 4 is not UTF-8. Save it as UTF-8."),
    "too large": (as_text("a.md", b"a" * (MAX_FILE_BYTES + 1)), "it is larger than 16 KiB. Shorten it"),
    "no folder": (
        OwnFile("", fault="it is a link", remedy="Put a folder there."),
        f"{FOLDER}, line 1, column 1: it is",
    ),
}


@pytest.mark.parametrize(("file", "told"), WRONG.values(), ids=WRONG.keys())
def test_a_fault_is_told_with_file_line_column_and_remedy(file, told):
    error = fault(own_file(), file)

    assert told in error
    assert error.startswith(FOLDER)


def test_there_are_twenty_at_most():
    files = [own_file(f"p-{number}") for number in range(MAX_FILES)]

    assert len(parse_own(files)) == MAX_FILES
    assert "there are 21 files, and 20 are the most" in fault(*files, own_file())


@pytest.mark.parametrize(
    "text",
    [
        "perspectives: [security, wording]",
        "perspectives: [security, wording]\nrequired: [security, wording]",
        "vetoes: [security, wording]",
        "rules: [{name: A, requires: {perspectives: [wording]}}]",
        "rules: [{name: A, requires: {some_of: {count: 1, of: [testing, wording]}}}]",
        "path_instructions: [{paths: [a], instructions: b, perspectives: [wording]}]",
    ],
)
def test_a_policy_names_it_wherever_it_names_ours_and_only_with_its_file(text):
    assert [each.name for each in parse_policy(text, [own_file()]).own] == ["wording"]

    with pytest.raises(PolicyError, match="there is no perspective `wording`") as caught:
        parse_policy(text)
    assert caught.value.remedy.endswith(f"One of your own needs a file `{FOLDER}/NAME.md`.")
    with pytest.raises(PolicyError, match="Did you mean `wording`"):
        parse_policy(text.replace("wording", "wordings"), [own_file()])


def test_the_policy_file_itself_cannot_bring_one_along():
    for key in ("own", "_own"):
        with pytest.raises(PolicyError, match="there is no key"):
            parse_policy(f"{key}: [{{name: a}}]")


def test_policies_with_other_words_are_others():
    assert parse_policy("", [own_file()]) != parse_policy("", [own_file(words="Other words.")])
    assert parse_policy("") == Policy()


def test_one_that_is_only_proposed_begins_later_and_words_on_ours_or_on_one_in_force_do_not():
    begun = parse_own([own_file()])
    later = {each.name: each.later for each in parse_policy("", [own_file(), own_file("new")], begun).own}
    ours = parse_policy("", [own_file("security")], ()).own

    assert later == {"wording": False, "new": True}
    assert [each.later for each in ours] == [False]


@pytest.mark.parametrize("path", [".github/quorum.yml", FOLDER, f"{FOLDER}/a.md", f"{FOLDER}/b/c"])
def test_these_files_make_the_policy(path):
    assert makes_policy(["src/a.py", path])


def test_others_do_not():
    assert not makes_policy(["quorum.yml", f"{FOLDER}.md", f"docs/{FOLDER}/a.md", ".github/quorum/notes.md"])


def test_the_file_to_correct_is_named_unless_its_name_could_be_more_than_a_name():
    assert file_at_fault(fault(OwnFile("a.md", "Look."))) == f"{FOLDER}/a.md"
    assert file_at_fault(fault(OwnFile("[x](y).md", "Look."))) == FOLDER
    assert file_at_fault("line 3, column 1: there is no key `x`") == file_at_fault(None) == ""


names = st.text(max_size=30) | st.sampled_from(["a.md", "Gate.md", "gate.md", "security.md", "a/b.md", ".md"])
pieces = st.lists(st.sampled_from(["---", "\n", "name: a", "title: b", "paths: [c]", "\r", "\ufeff", "!!x", "{"]))
texts = pieces.map("".join) | st.text(max_size=200)


@given(st.lists(st.builds(OwnFile, names, texts), max_size=4, unique_by=lambda each: each.name))
def test_whatever_stands_in_the_folder_it_is_perspectives_or_one_error_that_names_the_folder(files):
    error, found = fault_in(files), ()
    if not error:
        found = parse_own(files)

    assert error.startswith(FOLDER) or len({each.name for each in found}) == len(found)
    assert all(each.words.strip() and each.max_turns <= 30 for each in found)


@given(st.sampled_from(KNOWN) | st.sampled_from(["wording", "style"]), texts.filter(lambda text: bool(text.strip())))
def test_words_come_out_as_they_stand_whatever_they_are(name, words):
    (own,) = parse_own([OwnFile(f"{name}.md", own_text(name, words.replace("\r\n", "\n")))])

    assert own.words == words.replace("\r\n", "\n").strip()


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_a_fault(content):
    file = as_text("a.md", content)

    assert (file.text.encode() == content) is not bool(file.fault)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[{paths: [a], instructions: ' '}]", "`path_instructions[1].instructions`: it is blank"),
        ("[{instructions: b}]", "`paths` is missing"),
        ("[{paths: ['**'], instructions: b}]", "matches every file"),
        ("[{paths: [a], instructions: b, tools: [c]}]", "there is no key `path_instructions[1].tools`"),
        (f"[{{paths: [a], instructions: {'b' * 2001}}}]", "at most 2000 characters"),
        (f"[{', '.join(['{paths: [a], instructions: ' + 'b' * 2000 + '}'] * 11)}]", "more than 20000 characters"),
    ],
)
def test_instructions_by_path_are_bounded(text, told):
    with pytest.raises(PolicyError) as caught:
        parse_policy(f"path_instructions: {text}")
    assert told in str(caught.value)


def test_the_example_of_the_page_can_be_used():
    page = (Path(__file__).parents[3] / "docs" / "perspectives.md").read_text(encoding="utf-8")
    example, policy = (re.search(rf"^```{kind}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[1] for kind in KINDS)

    (own,) = parse_policy(policy, [OwnFile("wording.md", example)]).own
    assert own.paths == ("*.html", "src/ui/**")
