"""What people do in a browser on an issue, a pull request and a check: the pages show it, and the App is told."""

import httpx
import pytest

from tests.support.browser import Browser


@pytest.fixture
async def sign_in(stage):
    """By a login and a token; a browser for each."""
    opened = []

    async def signed_in(login, token):
        opened.append(Browser({stage.url: httpx.AsyncHTTPTransport()}))
        await opened[-1].open(f"{stage.url}/login")
        await opened[-1].submit("Sign in", login=login, token=token)
        return opened[-1]

    yield signed_in
    for each in opened:
        await each.client.aclose()


@pytest.fixture
async def ada(stage, sign_in):
    """Signed in, with nothing to see yet but a repository of one commit."""
    stage.app.subscriptions = frozenset(["issues", "issue_comment", "pull_request_review", "check_run"])
    stage.pushed()
    return await sign_in("ada", stage.person)


async def test_an_issue_is_opened_labelled_commented_and_closed(stage, receiver, ada):
    await ada.open(f"/{stage.repository.full_name}")
    await ada.submit("Create issue", title="Count <b>twice</b>", body="It counts once.")
    assert ada.address == f"{stage.url}/{stage.repository.full_name}/issues/1"
    assert "Count &lt;b&gt;twice&lt;/b&gt; #1" in ada.page
    await ada.submit("Add label", name="quorum")
    await ada.submit("Comment", body="@quorum status")
    await ada.submit("Remove", name="quorum")
    await ada.submit("Close")
    told = [receiver.next() for _ in range(5)]
    assert [(each.headers["x-github-event"], each.payload["action"]) for each in told] == [
        ("issues", "opened"),
        ("issues", "labeled"),
        ("issue_comment", "created"),
        ("issues", "unlabeled"),
        ("issues", "closed"),
    ]
    assert "@quorum status" in ada.page
    await ada.open(f"/{stage.repository.full_name}")
    assert "#1 Count" not in ada.page


async def test_a_marker_in_a_comment_is_not_shown(stage, ada):
    number, _ = stage.pull()
    stage.ask("POST", f"issues/{number}/comments", stage.writer, {"body": "<!-- key:1 -->\nSeen"})
    await ada.open(f"/{stage.repository.full_name}/issues/{number}")
    assert ada.address.endswith(f"/pull/{number}")
    assert "<pre>Seen</pre>" in ada.page


async def test_other_peoples_pull_requests_are_approved_and_ones_own_are_not(stage, receiver, ada, sign_in):
    number, _ = stage.pull()
    place = f"{stage.url}/{stage.repository.full_name}/pull/{number}"
    await ada.open(place)
    await ada.submit("Submit review", event="APPROVE")
    assert (ada.status, "Can not approve your own pull request" in ada.page) == (422, True)
    bob = await sign_in("bob", stage.writer)
    await bob.open(place)
    await bob.submit("Submit review", event="APPROVE", body="Good")
    assert receiver.next().payload["review"]["state"] == "approved"
    assert "Good" in bob.page


async def test_a_check_shows_what_it_says_and_its_buttons_are_pressed(stage, receiver, ada):
    number, sha = stage.pull()
    output = {"title": "Seen", "summary": "1 < 2", "annotations": [annotation()]}
    buttons = [{"label": "Fix it", "description": "Repair", "identifier": "fix"}]
    body = {"name": "lint", "head_sha": sha, "conclusion": "failure", "output": output, "actions": buttons}
    assert stage.ask("POST", "check-runs", stage.token(checks="write"), body).status_code == 201
    await ada.open(f"/{stage.repository.full_name}/pull/{number}")
    await ada.follow("lint")
    assert "1 &lt; 2" in ada.page
    assert "<code>topic.txt:1</code> one, not two" in ada.page
    await ada.submit("Fix it")
    await ada.submit("Re-run")
    told = [receiver.next().payload for _ in range(4)][2:]
    assert [each["action"] for each in told] == ["requested_action", "rerequested"]
    assert told[0]["requested_action"] == {"identifier": "fix"}
    assert told[0]["sender"]["login"] == "ada"


def annotation():
    words = {"annotation_level": "warning", "message": "one, not two"}
    return {"path": "topic.txt", "start_line": 1, "end_line": 1, **words}
