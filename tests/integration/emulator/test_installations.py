"""The life of an installation: suspended, removed, given more repositories and fewer, and what its tokens are worth."""

import asyncio

import pytest

from app.emulator.app import add_repository


@pytest.fixture
def other(stage):
    return asyncio.run(add_repository(stage.world, stage.world.users["ada"], "other", {"ada": "admin"}))


def click(stage, action, **more):
    return stage.control("installations", {"login": "ada", "action": action, **more})


def mint(stage, installation=None):
    place = f"/app/installations/{installation or stage.installation.id}/access_tokens"
    answer = stage.ask("POST", place, stage.app_token(), {})
    return answer.status_code, answer.json().get("token") or answer.json()["message"]


def heard(receiver):
    arrived = receiver.next()
    return arrived.headers["x-github-event"], arrived.payload


def test_a_suspended_installation_gets_nothing_and_hears_nothing(stage, receiver):
    stage.pushed()
    _, token = mint(stage)
    assert heard(receiver)[0] == "push"
    shown = click(stage, "suspend", installation=stage.installation.id)
    assert shown["suspended_by"]["login"] == "ada"
    event, told = heard(receiver)
    assert (event, told["action"], told["installation"]["suspended_at"]) == (
        "installation",
        "suspend",
        shown["suspended_at"],
    )
    assert mint(stage) == (403, "This installation has been suspended")
    answer = stage.ask("GET", "issues", token)
    assert (answer.status_code, answer.json()["message"]) == (403, "This installation has been suspended")
    assert stage.git("ls-remote", stage.remote(token)).returncode != 0
    assert stage.ask("POST", "issues", stage.person, {"title": "Unheard"}).status_code == 201
    click(stage, "unsuspend", installation=stage.installation.id)
    assert heard(receiver)[1]["action"] == "unsuspend"
    assert stage.ask("GET", "issues", token).status_code == 200


def test_a_removed_installation_is_not_there_any_more(stage, receiver):
    _, token = mint(stage)
    click(stage, "delete", installation=stage.installation.id)
    event, told = heard(receiver)
    assert (event, told["action"]) == ("installation", "deleted")
    assert [each["full_name"] for each in told["repositories"]] == ["ada/engine"]
    assert mint(stage) == (404, "Not Found")
    assert stage.ask("GET", "issues", token).status_code == 401
    assert stage.ask("GET", "/app/installations", stage.app_token()).json() == []
    made = click(stage, "create", app=stage.app.id, repositories=["ada/engine"])
    assert made["account"]["login"] == "ada"
    assert heard(receiver)[1]["action"] == "created"
    assert stage.ask("GET", "issues", mint(stage, made["id"])[1]).status_code == 200


def test_repositories_come_and_go_also_for_tokens_that_are_out(stage, receiver, other):
    _, token = mint(stage)
    click(stage, "add", installation=stage.installation.id, repositories=["ada/other", "ada/engine"])
    event, told = heard(receiver)
    assert (event, told["action"]) == ("installation_repositories", "added")
    assert [each["full_name"] for each in told["repositories_added"]] == ["ada/other"]
    assert stage.ask("GET", "/repos/ada/other", mint(stage)[1]).status_code == 200
    click(stage, "remove", installation=stage.installation.id, repositories=["ada/engine"])
    assert [each["full_name"] for each in heard(receiver)[1]["repositories_removed"]] == ["ada/engine"]
    assert stage.ask("GET", "issues", token).status_code == 404
    assert stage.ask("GET", "/installation/repositories", token).json()["repositories"] == []


def test_an_app_suspends_and_removes_itself(stage, receiver):
    place = f"/app/installations/{stage.installation.id}"
    assert stage.ask("PUT", f"{place}/suspended", stage.app_token()).status_code == 204
    assert heard(receiver)[1]["sender"]["login"] == "bot[bot]"
    assert stage.ask("GET", place, stage.app_token()).json()["suspended_by"]["login"] == "bot[bot]"
    assert stage.ask("DELETE", f"{place}/suspended", stage.app_token()).status_code == 204
    assert stage.ask("DELETE", place, stage.app_token()).status_code == 204
    assert stage.ask("GET", place, stage.app_token()).status_code == 404


def test_permissions_that_were_taken_are_not_given_again(stage, receiver):
    click(stage, "accept", installation=stage.installation.id, permissions={"issues": "read"})
    event, told = heard(receiver)
    assert (event, told["action"]) == ("installation", "new_permissions_accepted")
    assert told["installation"]["permissions"] == {"issues": "read"}
    _, token = mint(stage)
    assert stage.ask("GET", "issues", token).status_code == 200
    assert stage.ask("GET", "pulls", token).status_code == 403


@pytest.mark.parametrize(
    "wish",
    [
        {"action": "suspend", "installation": 1},
        {"action": "create", "app": 1},
        {"action": "add", "repositories": ["ada/nothing"]},
        {"action": "suspend", "login": "nobody"},
    ],
)
def test_a_click_on_what_is_not_there_says_so(stage, wish):
    body = {"login": "ada", **wish}
    answer = stage.wire.put(f"{stage.url}/_emulator/installations", json=body)
    assert answer.status_code == 404
    assert answer.json()["message"].startswith("There is no ")
