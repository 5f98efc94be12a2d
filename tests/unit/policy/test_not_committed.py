"""Files that do not belong into a commit, and secrets that show by their form."""

import pytest

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.rubbish import BIG_BYTES, why_rubbish, why_too_big
from app.policy.secrets_seen import Seen, secrets_in

RUBBISH = [
    *("app/__pycache__/a.cpython-312.pyc", ".pytest_cache/README.md", "a.egg-info/PKG-INFO", "node_modules/x/index.js"),
    *("dist/a.js", "target/debug/a", ".coverage", "coverage.xml", "run.log", ".idea/misc.xml", ".vscode/settings.json"),
    *("src/.a.py.swp", "a.py~", ".DS_Store", "a.py.orig", "patch.rej", ".env", "config/.env.local", "id_rsa"),
]
FINE = [
    *("app/a.py", "src/dist/a.py", "app/build/make.py", "docs/coverage/index.md", "tests/data/run.txt", ".env.example"),
    *("app/target.py", "environment.py", "log/reader.py", "catalog.py", "coverage.py", "Dockerfile"),
]


@pytest.mark.parametrize("path", RUBBISH)
def test_rubbish_is_told_unless_the_project_keeps_such_files(path: str):
    assert why_rubbish(path, ["app/a.py"])
    assert why_rubbish(path, ["app/a.py", path]) is None


@pytest.mark.parametrize("path", FINE)
def test_what_a_project_is_made_of_is_no_rubbish(path: str):
    assert why_rubbish(path, []) is None


def test_big_files_are_told_but_lock_files():
    assert "512,001 bytes, more than 512,000" in (why_too_big("data.json", BIG_BYTES + 1) or "")
    assert why_too_big("data.json", BIG_BYTES) is None
    assert why_too_big("web/package-lock.json", BIG_BYTES * 9) is None


def added(*lines: str) -> tuple[ChangedText, ...]:
    told = tuple(Line(number, text) for number, text in enumerate(lines, start=1))
    return (ChangedText("a.py", None, "modified", (Hunk("", (*told, Line(1, "ghp_" + "z1Y2" * 9, "-"))),)),)


SECRETS = [
    ("a private key", "-----BEGIN RSA PRIVATE" + " KEY-----"),
    ("a token of GitHub", "TOKEN = 'ghp_" + "aB3dE5gH7j" * 3 + "K9mN1p'"),
    ("a key of AWS", "AKIA" + "Q3E5T7U2I4O6P2S4"),
    ("a key of Anthropic", "sk-ant-" + "api03-" + "aB3_dE5-gH7j" * 4),
    ("a token of Slack", "xoxb-" + "123412341234-" + "aB3dE5gH7jK9"),
    ("a live key of Stripe", "sk_live_" + "aB3dE5gH7jK9mN1pQ3sT5v"),
    ("a token of npm", "npm_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"),
]


@pytest.mark.parametrize(("what", "text"), SECRETS, ids=[what.replace(" ", "-") for what, _ in SECRETS])
def test_a_secret_is_told_by_its_form_and_not_repeated(what: str, text: str):
    assert secrets_in(added("x = 1", text)) == (Seen("a.py", 2, what),)


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "password = 'hunter2'",
        "sha = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'",
        "sk-learn-is-a-package",
        "-----BEGIN PUBLIC KEY-----",
    ],
)
def test_what_only_looks_alike_is_left_alone(text: str):
    assert secrets_in(added(text)) == ()
