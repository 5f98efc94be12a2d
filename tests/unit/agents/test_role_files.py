import pytest

from app.agents.roles import RoleError, parse_role

HEAD = """name: writer
title: Writer
untrusted_input: true
secrets: false
outward_effect: false
max_turns: 5
"""


def role(head: str = HEAD, prompt: str = "You write.\n") -> str:
    return f"---\n{head}---\n{prompt}"


def test_a_role_is_its_front_matter_and_its_prompt():
    read = parse_role(role(prompt="\nYou write.\n\n---\n\nAnd read.\n"), "roles/writer.md")
    assert (read.about.name, read.about.max_turns) == ("writer", 5)
    assert read.prompt == "You write.\n\n---\n\nAnd read."


@pytest.mark.parametrize("missing", ["untrusted_input", "secrets", "outward_effect"])
def test_a_role_may_have_two_of_the_three(missing: str):
    head = HEAD.replace("false", "true").replace(f"{missing}: true", f"{missing}: false")
    assert getattr(parse_role(role(head), "roles/writer.md").about, missing) is False


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "must begin with front matter"),
        ("You write.\n", "must begin with front matter"),
        ("Hello\n" + role(), "must begin with front matter"),
        (f"---\n{HEAD}You write.\n", "must begin with front matter"),
        (role().replace("\n", "\r\n"), "must begin with front matter"),
        (role("name: [\n"), "cannot be used"),
        (role("- a\n"), "cannot be used"),
        (role(""), "cannot be used"),
        (role(HEAD + "colour: red\n"), "colour"),
        (role(HEAD.replace("title: Writer\n", "")), "title"),
        (role(HEAD.replace("secrets: false", "secrets: perhaps")), "secrets"),
        (role(HEAD.replace("max_turns: 5", "max_turns: 0")), "max_turns"),
        (role(HEAD.replace("max_turns: 5", "max_turns: 100000")), "max_turns"),
        (role(HEAD.replace("max_turns: 5", "max_turns: five")), "max_turns"),
        (role(HEAD.replace("false", "true")), "no role may have all"),
        (role(prompt=" \n"), "no prompt"),
    ],
)
def test_a_file_that_is_no_role_is_named_with_its_fault(text: str, fault: str):
    with pytest.raises(RoleError, match=r"^roles/writer\.md: ") as caught:
        parse_role(text, "roles/writer.md")
    assert fault in str(caught.value)
