"""Branches and repositories under new names, hidden, frozen and handed on; what follows them and what does not."""

import pytest


@pytest.fixture
def main(stage) -> str:
    stage.app.subscriptions = frozenset(["issues", "pull_request", "push", "repository"])
    return stage.pushed()


def rename(stage, branch, name, token=None):
    return stage.ask("POST", f"branches/{branch}/rename", token or stage.person, {"new_name": name})


def change(stage, **more):
    answer = stage.ask("PATCH", f"/repos/{stage.repository.full_name}", stage.person, more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def heard(stage, receiver):
    """What was told so far: event and action, and the payloads."""
    assert stage.ask("POST", "issues", stage.person, {"title": "The last word"}).status_code == 201
    found = []
    while (arrived := receiver.next()).headers["x-github-event"] != "issues":
        told = arrived.payload
        found.append((f"{arrived.headers['x-github-event']} {told.get('action', told.get('ref'))}", told))
    return found


def test_what_stands_on_a_renamed_branch_follows_it(stage, receiver, main):
    number, _ = stage.pull()
    stage.protect(required_pull_request_reviews={})
    heard(stage, receiver)
    answer = rename(stage, "main", "trunk")
    assert (answer.status_code, answer.json()["name"], answer.json()["commit"]["sha"]) == (201, "trunk", main)
    told = heard(stage, receiver)
    assert [name for name, _ in told] == [
        "repository edited",
        "pull_request edited",
        "push refs/heads/trunk",
        "push refs/heads/main",
    ]
    assert told[0][1]["changes"]["default_branch"]["from"] == "main"
    assert told[1][1]["changes"]["base"]["ref"]["from"] == "main"
    pull = stage.ask("GET", f"pulls/{number}", stage.person).json()
    assert (pull["state"], pull["base"]["ref"], pull["base"]["sha"]) == ("open", "trunk", main)
    assert stage.ask("GET", "branches/trunk/protection", stage.person).status_code == 200
    assert stage.ask("GET", f"/repos/{stage.repository.full_name}", stage.person).json()["default_branch"] == "trunk"
    moved = stage.ask("GET", "branches/main", stage.person)
    assert (moved.status_code, moved.headers["location"].rsplit("/", 1)[1]) == (301, "trunk")
    assert stage.git("ls-remote", "--symref", stage.remote(stage.person), "HEAD").stdout.startswith(
        "ref: refs/heads/trunk"
    )


def test_a_pull_request_from_a_renamed_branch_is_closed(stage, main):
    number, sha = stage.pull()
    assert rename(stage, "topic", "other", stage.writer).status_code == 201
    pull = stage.ask("GET", f"pulls/{number}", stage.person).json()
    assert (pull["state"], pull["merged"], pull["head"]["sha"]) == ("closed", False, sha)


def test_who_may_rename_what_to_what(stage, main):
    stage.pull()
    assert rename(stage, "main", "trunk", stage.writer).status_code == 403
    assert rename(stage, "main", "trunk", stage.token(contents="write")).status_code == 403
    assert rename(stage, "topic", "main").status_code == 422
    assert rename(stage, "topic", "two..dots").status_code == 422
    assert rename(stage, "nothing", "other").status_code == 404
    stage.protect("topic")
    assert rename(stage, "topic", "other", stage.writer).status_code == 403


def test_a_renamed_repository_is_found_by_its_id_and_by_its_old_name(stage, receiver, main):
    token, remote = stage.token(metadata="read", issues="write"), stage.remote(stage.person)
    assert change(stage, name="motor")["full_name"] == "ada/motor"
    told = [told for name, told in heard(stage, receiver) if name == "repository renamed"]
    assert (told[0]["changes"], told[0]["repository"]["full_name"]) == (
        {"repository": {"name": {"from": "engine"}}},
        "ada/motor",
    )
    by_id = f"/repositories/{stage.repository.id}"
    assert stage.ask("GET", by_id, token).json()["name"] == "motor"
    moved = stage.ask("GET", "/repos/ada/engine/issues?state=all", token)
    assert (moved.status_code, moved.headers["location"]) == (
        301,
        f"{stage.url}/api/v3{by_id}/issues?state=all",
    )
    assert stage.ask("POST", "/repos/ada/engine/issues", token, {"title": "Old"}).status_code == 307
    assert stage.git("ls-remote", remote, "refs/heads/main").stdout.split()[0] == main


def test_an_old_name_that_is_taken_leads_to_who_took_it(stage, main):
    change(stage, name="motor")
    change(stage, name="engine")
    assert stage.ask("GET", "/repos/ada/engine", stage.person).status_code == 200
    assert stage.ask("GET", "/repos/ada/motor", stage.person).status_code == 301


def test_an_archived_repository_is_read_only_until_it_is_brought_back(stage, receiver, main):
    heard(stage, receiver)
    assert change(stage, archived=True)["archived"] is True
    answer = stage.ask("POST", "issues", stage.person, {"title": "No"})
    assert (answer.status_code, answer.json()["message"]) == (403, "Repository was archived so is read-only.")
    assert stage.ask("GET", "issues", stage.person).status_code == 200
    stage.commit("more.txt", "more\n")
    assert "403" in stage.push(stage.person).stderr
    refused = stage.ask("PATCH", "/repos/ada/engine", stage.person, {"name": "motor"})
    assert refused.status_code == 403
    change(stage, archived=False)
    assert [name for name, _ in heard(stage, receiver)] == ["repository archived", "repository unarchived"]


def test_a_private_repository_is_not_there_for_strangers(stage, receiver, main):
    stranger = stage.world.add_user("eve")
    assert stage.ask("GET", "issues", stranger).status_code == 200
    heard(stage, receiver)
    assert change(stage, private=True)["visibility"] == "private"
    assert stage.ask("GET", "issues", stranger).status_code == 404
    assert stage.ask("GET", "issues", stage.writer).status_code == 200
    assert stage.ask("GET", "collaborators/eve/permission", stage.person).json()["permission"] == "none"
    assert stage.git("ls-remote", stage.remote(stranger)).returncode != 0
    change(stage, visibility="public")
    assert [name for name, _ in heard(stage, receiver)] == ["repository privatized", "repository publicized"]


def test_a_repository_that_is_handed_on_keeps_its_id(stage, receiver, main):
    heard(stage, receiver)
    body = {"new_owner": "bob"}
    assert stage.ask("POST", "transfer", stage.writer, body).status_code == 403
    assert stage.ask("POST", "transfer", stage.person, body).json()["full_name"] == "bob/engine"
    ((name, told),) = heard(stage, receiver)
    assert (name, told["changes"]["owner"]["from"]["user"]["login"]) == ("repository transferred", "ada")
    assert stage.ask("GET", "/repos/ada/engine", stage.person).status_code == 301
    assert stage.ask("POST", "transfer", stage.writer, {"new_owner": "nobody"}).status_code == 422


def test_only_what_there_is_becomes_the_default_branch(stage, main):
    stage.pull()
    assert change(stage, default_branch="topic")["default_branch"] == "topic"
    refused = stage.ask("PATCH", "/repos/ada/engine", stage.person, {"default_branch": "nothing"})
    assert refused.status_code == 422
