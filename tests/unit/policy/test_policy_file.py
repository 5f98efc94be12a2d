"""Reading `.github/quorum.yml`: what it may say, and what its writer is told."""

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.policy.config import Policy, parse_policy, policy_schema
from app.policy.errors import PolicyError
from app.policy.rules import PERSPECTIVES
from app.policy.yaml_tree import MAX_BYTES

WHOLE = """\
# Who looks, and who must agree.
perspectives: [security, testing, documentation]
required:
  - security
  - testing
test: |
  pytest -q
  ruff check
budget_usd: 2.50
max_rounds: 2
min_confidence: 0.7
set_aside: ["docs/api/**", "!vendor/ours/"]
"""


def test_a_whole_file_is_read():
    policy = parse_policy(WHOLE)

    assert policy.perspectives == ("security", "testing", "documentation")
    assert policy.required_perspectives == ("security", "testing")
    assert policy.test == "pytest -q\nruff check\n"
    assert (policy.budget_usd, policy.budget) == (Decimal("2.5"), 2_500_000)
    assert (policy.max_rounds, policy.min_confidence) == (2, 0.7)
    assert policy.set_aside == ("docs/api/**", "!vendor/ours/")


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n", "{}", "required: all"])
def test_an_empty_file_gives_the_defaults(text):
    policy = parse_policy(text)

    assert policy == Policy()
    assert policy.perspectives == policy.required_perspectives == PERSPECTIVES
    assert (policy.test, policy.budget, policy.max_rounds, policy.min_confidence) == (None, 5_000_000, 3, 0.5)


def test_a_policy_cannot_be_changed_once_read():
    with pytest.raises(ValidationError):
        Policy().max_rounds = 5


FAULTS = [
    # text, line, column, part of the message, part of the remedy
    ("test: a\nrequird: all", 2, 1, "no key `requird`", "`required`"),
    ("Max-Rounds: 3", 1, 1, "no key `Max-Rounds`", "`max_rounds`"),
    ("wholly_other: 1", 1, 1, "no key `wholly_other`", "Keys are perspectives"),
    ("max_rounds: 3\nfoo: 1\nmax_rounds: 2", 3, 1, "there twice, first on line 1", "Keep one"),
    ("foo: 1\nmax_rounds: 9", 1, 1, "no key `foo`", "Keys are"),
    ("\n\n  max_rounds: 0", 3, 3, "greater than or equal to 1", "max_rounds: 3"),
    ("max_rounds: 6", 1, 1, "less than or equal to 5", "max_rounds: 3"),
    ("max_rounds: true", 1, 1, "valid integer", "max_rounds: 3"),
    ("max_rounds: '3'", 1, 1, "valid integer", "max_rounds: 3"),
    ("max_rounds: 0b11", 1, 1, "valid integer", "max_rounds: 3"),
    ("max_rounds: 1.5", 1, 1, "valid integer", "max_rounds: 3"),
    ("max_rounds:", 1, 1, "valid integer", "max_rounds: 3"),
    ("min_confidence: 1.01", 1, 1, "less than or equal to 1", "0.5"),
    ("min_confidence: .nan", 1, 1, "valid number", "0.5"),
    ("budget_usd: 0", 1, 1, "greater than 0", "budget_usd: 5"),
    ("budget_usd: 1000.01", 1, 1, "less than or equal to 1000", "budget_usd: 5"),
    ("budget_usd: '5'", 1, 1, "should be a number", "without quotes"),
    ("budget_usd: yes", 1, 1, "should be a number", "without quotes"),
    ("budget_usd: .inf", 1, 1, "should be a number", "without quotes"),
    ("budget_usd: 190:20:30", 1, 1, "should be a number", "without quotes"),
    ("budget_usd: 0.0000001", 1, 1, "6 decimal places", "budget_usd: 5"),
    ("test: yes", 1, 1, "valid string", "pytest -q"),
    ("test: ''", 1, 1, "at least 1 character", "pytest -q"),
    ("test: '  '", 1, 1, "blank", "leave the key out"),
    ('test: "a\\0b"', 1, 1, "control characters", "leave the key out"),
    ("test: {a: b}", 1, 1, "valid string", "pytest -q"),
    ("perspectives: security", 1, 1, "valid list", "[security, testing]"),
    ("perspectives: []", 1, 1, "at least 1 item", "[security, testing]"),
    ("perspectives: [testing]", 1, 1, "`security` is missing", "Add `security`"),
    ("perspectives:\n  - security\n  - perfromance", 3, 5, "no perspective `perfromance`", "`performance`"),
    ("perspectives:\n  - security\n  - security", 3, 5, "there twice", "Keep one"),
    ("perspectives: [security, gate]", 1, 26, "no perspective", "There are"),
    ("perspectives: [security, 'A b']", 1, 26, "match pattern", "For example"),
    ('perspectives: [security, "x\\n"]', 1, 26, "match pattern", "For example"),
    ("perspectives: [security, 5]", 1, 26, "valid string", "For example"),
    ("required: [testing]", 1, 1, "`security` is missing; it is always required", "Add `security`"),
    ("required: []", 1, 1, "at least 1 item", "required: all"),
    ("required: some", 1, 1, "'all'", "required: all"),
    ("perspectives: [security]\nrequired: [security, testing]", 2, 22, "not among `perspectives`", "Add `testing`"),
    ("set_aside: ['**']", 1, 13, "matches every file", "Name folders"),
    ("set_aside:\n  - docs/\n  - '*'", 3, 5, "matches every file", "Name folders"),
    ("set_aside: ['../x']", 1, 13, "`..` step", "Name folders"),
    ("set_aside: ['a\\b']", 1, 13, "backslash", "Name folders"),
    ("set_aside: docs/", 1, 1, "valid list", "docs/api/**"),
    ("- a", 1, 1, "not a mapping", "key: value"),
    ("just words", 1, 1, "not a mapping", "key: value"),
    ("---\ntest: a\n---\ntest: b", 3, 1, "second document", "Correct"),
    ("test: a\nx: &y [1]\nz: *y", 2, 4, "anchors and aliases", "Write the value out"),
    ("z: *y", 1, 4, "anchors and aliases", "Write the value out"),
    ("test: !!python/object/apply:os.system [id]", 1, 7, "the tag", "Remove the tag"),
    ("<<: {max_rounds: 2}", 1, 1, "merge keys", "Write the keys out"),
    ("? [a]\n: b", 1, 3, "a key that is not a word", "key: value"),
    ("test: [a,", 1, 10, "expected", "Correct the YAML"),
    ("test: a\nx: \x07", 2, 4, "a character that YAML does not allow", "Remove it"),
    ('test: "\\UFFFFFFFF"', 1, 1, "not YAML", "Correct"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message", "remedy"), FAULTS, ids=[f[0][:40] for f in FAULTS])
def test_a_fault_is_named_with_its_place_and_a_remedy(text, line, column, message, remedy):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in caught.value.message
    assert remedy in caught.value.remedy


BOMBS = {
    "deep lists": "[" * 65_000,
    "deep mappings": "{a: " * 16_000,
    "block lists": "- " * 32_000,
    "complex keys": "? " * 32_000,
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"k{i}: &k{i} [*a,*a,*a,*a,*a,*a,*a,*a]\n" for i in range(999)),
    "merges": "a: &a {b: c}\n" + "x: {<<: [*a, *a, *a]}\n" * 2_000,
    "many keys": "".join(f"key{i}: 1\n" for i in range(15_000)),
    "long list": "required: [" + "a," * 32_000 + "]",
    "quotes": "'" * 65_000,
    "long key": "a" * 65_000 + ": 1",
    "long text": "test: " + "a" * 65_000,
    "digits": "max_rounds: " + "9" * 65_000,
    "version": "%YAML 1." + "9" * 60_000 + "\n---\n",
    "stars": "set_aside: ['" + "*a" * 90 + "b']",
    "too large": "#" * (MAX_BYTES + 1),
    "too large in bytes": "# " + "\N{EURO SIGN}" * (MAX_BYTES // 3),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_case_30_a_bomb_costs_a_bounded_time_and_ends_in_a_clear_error(text):
    began = time.thread_time()
    fault = fault_of(text)

    assert fault is None or len(str(fault)) < 400
    assert time.thread_time() - began < 15


def fault_of(text):
    try:
        parse_policy(text)
    except PolicyError as error:
        return error
    return None


@pytest.mark.parametrize("name", ["many keys", "long list"])
def test_case_30_reading_stops_at_a_number_of_values(name):
    with pytest.raises(PolicyError, match="more than 20000 values"):
        parse_policy(BOMBS[name])


def test_one_byte_less_than_too_large_is_read():
    assert parse_policy("#" * MAX_BYTES) == Policy()


SIGNS = [
    "required",
    "test",
    "max_rounds",
    ": ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "|",
    ">",
    "#",
    "&a ",
    "*a ",
]
ODD_SIGNS = [
    "!!int ",
    "1",
    "0x",
    "~",
    "yes",
    "---\n",
    "...\n",
    "%",
    "\\u",
    "\t",
    "?",
    ",",
    "2001-99-99",
    "<<",
    "!",
    "\x85",
]
yaml_like = st.lists(st.sampled_from(SIGNS + ODD_SIGNS), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(yaml_like, st.text(max_size=60), yaml_like.map(lambda text: f"test: a\nrequired: {text}")))
def test_no_text_raises_anything_but_a_policy_error(text):
    fault = fault_of(text)

    assert fault is None or (fault.line >= 1 and fault.column >= 1 and str(fault).isprintable())


def test_the_schema_names_every_key_and_forbids_others():
    schema = policy_schema()

    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(Policy.model_fields)
    assert all(each.get("description") for each in schema["properties"].values())
    assert "required" not in schema
