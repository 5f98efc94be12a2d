"""Threads of review comments: what belongs to one, who may resolve it, what is told, and how they are read."""

from typing import Any

import pytest

QUERY = """
query($id: ID!, $first: Int!, $after: String) { node(id: $id) { ... on PullRequest {
  reviewThreads(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    id isResolved resolvedBy { login } comments(first: 1) { nodes {
      body author { login } reactions(first: 10, content: THUMBS_DOWN) { nodes { user { login } } } } } } } } } }
"""


@pytest.fixture
def pull(stage) -> dict[str, Any]:
    """Of ada's, with three lines to speak of, and a comment of the App's on each."""
    stage.commit("readme.txt", "hello\n")
    assert stage.push(stage.person).returncode == 0
    stage.commit("topic.txt", "one\ntwo\nthree\n", "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    pull = stage.ask("POST", "pulls", stage.person, {"title": "Topic", "head": "topic", "base": "main"}).json()
    comments = [{"path": "topic.txt", "line": line, "body": f"Line {line}?"} for line in (1, 2, 3)]
    body = {"event": "COMMENT", "comments": comments, "commit_id": pull["head"]["sha"]}
    answer = stage.ask("POST", f"pulls/{pull['number']}/reviews", bot(stage), body)
    assert answer.status_code == 200, answer.text
    return pull


def bot(stage) -> str:
    return stage.token(pull_requests="write", contents="write")


def graphql(stage, query: str, token: str | None = None, **variables: Any) -> Any:
    headers = {"authorization": f"Bearer {token or stage.writer}"}
    body = {"query": query, "variables": variables}
    return stage.wire.post(f"{stage.url}/api/graphql", json=body, headers=headers).raise_for_status().json()


def page(stage, pull, first: int = 100, after: str | None = None) -> Any:
    return graphql(stage, QUERY, id=pull["node_id"], first=first, after=after)["data"]["node"]["reviewThreads"]


def settle(stage, thread: str, token: str, name: str = "resolveReviewThread") -> Any:
    query = f"mutation($id: ID!) {{ {name}(input: {{threadId: $id}}) {{ thread {{ isResolved }} }} }}"
    return graphql(stage, query, token, id=thread)


def test_replies_belong_to_the_thread_of_the_first_comment(stage, pull):
    first = stage.ask("GET", f"pulls/{pull['number']}/comments", stage.person).json()[0]["id"]
    stage.ask("POST", f"pulls/{pull['number']}/comments/{first}/replies", stage.writer, {"body": "So."})

    threads = page(stage, pull)["nodes"]
    assert [each["comments"]["nodes"][0]["body"] for each in threads] == ["Line 1?", "Line 2?", "Line 3?"]
    assert [each["comments"]["totalCount"] for each in threads] == [2, 1, 1]
    assert threads[0]["comments"]["nodes"][0]["author"] == {"__typename": "Bot", "login": "bot"}


def test_they_are_read_page_by_page(stage, pull):
    one = page(stage, pull, first=2)
    two = page(stage, pull, first=2, after=one["pageInfo"]["endCursor"])
    assert [each["isResolved"] for each in (*one["nodes"], *two["nodes"])] == [False] * 3
    assert (one["pageInfo"]["hasNextPage"], two["pageInfo"]["hasNextPage"]) == (True, False)
    assert "exceeds the `first` limit" in graphql(stage, QUERY, id=pull["node_id"], first=101)["errors"][0]["message"]
    assert graphql(stage, QUERY, id="PR_0", first=1)["errors"][0]["type"] == "NOT_FOUND"


def test_who_resolved_it_is_shown_and_told_once(stage, receiver, pull):
    stage.app.subscriptions = frozenset(["pull_request_review_thread"])
    thread = page(stage, pull)["nodes"][0]["id"]
    for _ in range(2):
        assert settle(stage, thread, bot(stage))["data"]["resolveReviewThread"]["thread"]["isResolved"] is True
    assert page(stage, pull)["nodes"][0]["resolvedBy"] == {"login": "bot"}
    settle(stage, thread, stage.writer, "unresolveReviewThread")
    assert page(stage, pull)["nodes"][0]["resolvedBy"] is None

    told = [receiver.next().payload for _ in range(4)][2:]
    assert [each["action"] for each in told] == ["resolved", "unresolved"]
    assert (told[0]["thread"]["node_id"], told[0]["sender"]["login"]) == (thread, "bot[bot]")


def test_it_takes_write_access_or_an_own_pull_request(stage, pull):
    thread = page(stage, pull)["nodes"][0]["id"]
    stranger = stage.world.add_user("eve")
    stage.repository.permissions["ada"] = "read"
    for token in (stranger, stage.token(pull_requests="write"), stage.token(contents="write")):
        assert settle(stage, thread, token)["errors"][0]["type"] == "FORBIDDEN"
    assert page(stage, pull)["nodes"][0]["isResolved"] is False
    assert "errors" not in settle(stage, thread, stage.person)
    assert settle(stage, "PRRT_0", stage.person)["errors"][0]["type"] == "NOT_FOUND"


def test_a_thumb_down_is_shown_with_whose_it_is(stage, pull):
    comment = stage.ask("GET", f"pulls/{pull['number']}/comments", stage.person).json()[0]
    place = f"pulls/comments/{comment['id']}/reactions"
    for content in ("eyes", "-1"):
        assert stage.ask("POST", place, stage.writer, {"content": content}).status_code == 201

    first, second, _ = (each["comments"]["nodes"][0]["reactions"]["nodes"] for each in page(stage, pull)["nodes"])
    assert first == [{"content": "THUMBS_DOWN", "user": {"login": "bob"}}]
    assert second == []
    assert stage.ask("GET", f"pulls/comments/{comment['id']}", stage.person).json()["reactions"]["-1"] == 1
