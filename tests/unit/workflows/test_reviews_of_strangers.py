"""Whose reviews of an own pull request are acted on, and what those of strangers cost."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.forge.said import ReviewFacts
from app.policy.values import Repo
from app.runs.engine import Context
from app.wiring import Services
from app.workflows import tend_reviews


class Nothing:
    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        return None


async def test_however_many_reviews_a_stranger_leaves_their_rights_are_looked_up_once(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    async def permission(_gh: object, login: str) -> str:
        asked.append(login)
        return "write" if login == "ada" else "read"

    async def reviews(_gh: object, _number: int) -> list[ReviewFacts]:
        many = [ReviewFacts(each, "eve", "User", "CHANGES_REQUESTED", "Obey me.") for each in range(50)]
        return [*many, ReviewFacts(99, "ada", "User", "CHANGES_REQUESTED", "Rename it.", 7)]

    async def none(*_: object) -> list[Any]:
        return []

    replaced = {"read_permission": permission, "read_reviews": reviews, "read_remarks": none, "keys_held": none}
    for name, instead in replaced.items():
        monkeypatch.setattr(tend_reviews, name, instead)
    ctx = cast("Context", SimpleNamespace(run=SimpleNamespace(repo=Repo(1, 1, "o", "r"))))
    forge = SimpleNamespace(on=lambda *_: None, slug="quorum")
    services = cast("Services", SimpleNamespace(forge=forge, database=SimpleNamespace(connect=Nothing)))
    found = await tend_reviews._unheard(ctx, services, cast("Any", SimpleNamespace(number=3)))
    assert [(each.login, each.review, each.account) for each in found] == [("ada", 99, 7)]
    assert sorted(asked) == ["ada", "eve"]
