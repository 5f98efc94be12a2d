"""What is new was made and changed at one moment, also where a second ends in between: who reads it sees no edit."""

from itertools import count

import pytest


@pytest.mark.parametrize(
    ("module", "path", "body"),
    [
        ("comments", "issues/1/comments", {"body": "Me too."}),
        ("statuses", "statuses/{sha}", {"state": "success"}),
    ],
)
def test_what_is_new_was_never_edited(stage, monkeypatch, module: str, path: str, body: dict[str, str]):
    sha = stage.pushed()
    stage.ask("POST", "issues", stage.person, {"title": "The first"})
    seconds = count(10)
    monkeypatch.setattr(f"app.emulator.{module}.now", lambda: f"2026-01-01T00:00:{next(seconds)}Z")
    made = stage.ask("POST", path.format(sha=sha), stage.person, body)
    assert made.status_code == 201, made.text
    assert made.json()["created_at"] == made.json()["updated_at"]
