import pytest

from app.agents.roles import load_role, names_of
from app.policy.config import Policy
from app.policy.rules import KNOWN


def test_every_role_and_perspective_that_is_shipped_can_be_read():
    for kind in ("roles", "perspectives"):
        for name in names_of(kind):
            role = load_role(kind, name)
            assert role.about.name == name
            assert role.prompt
            assert role.about.max_turns > 0


def test_no_role_has_all_of_untrusted_input_secrets_and_outward_effect():
    """https://ai.meta.com/blog/practical-ai-agent-security: two of the three at most."""
    for kind in ("roles", "perspectives"):
        for name in names_of(kind):
            about = load_role(kind, name).about
            assert not (about.untrusted_input and about.secrets and about.outward_effect), name


def test_each_perspective_that_is_shipped_says_what_it_may_read():
    for name in names_of("perspectives"):
        assert "reads" in load_role("perspectives", name).about.model_fields_set, name


def test_the_perspectives_of_the_default_policy_are_shipped():
    assert set(Policy().perspectives) <= set(names_of("perspectives"))


def test_whom_a_policy_can_name_and_whom_the_package_has_are_the_same():
    assert set(KNOWN) == set(names_of("perspectives"))


@pytest.mark.parametrize("name", ["", "nobody", "../roles/writer", "..", "writer.md", "/etc/passwd", "a\0b"])
def test_a_name_that_is_none_is_refused(name: str):
    with pytest.raises(KeyError):
        load_role("perspectives", name)


@pytest.mark.parametrize("name", KNOWN)
def test_a_perspective_says_what_is_severe_there_and_what_is_not_worth_saying(name: str):
    prompt = load_role("perspectives", name).prompt
    assert "`major`" in prompt, "else only the list of all reviewers tells what blocks"
    assert "\n\nNot worth saying: " in prompt
