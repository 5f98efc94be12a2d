"""Threads: which of them are ours, who resolved or refused them, and what is made of one that cannot be resolved."""

from typing import Any

import pytest

from app.forge import effects
from app.forge.permissions import READ, RESOLVE, TALK
from app.forge.threads import Thread, read_threads, resolve_thread

LINES = b"".join(b"line %d\n" % number for number in range(1, 121))


async def reviewed(at, lines: int = 2) -> Any:
    """A pull request with a comment of ours on its first lines and one of mona's."""
    at.commit({"a.txt": LINES}, at.git("rev-parse", "main"), branch="topic")
    pull = at.call("POST", "pulls", {"head": "topic", "base": "main", "title": "Topic"})
    told = [{"path": "a.txt", "line": line, "side": "RIGHT", "body": f"{line}?"} for line in range(1, lines + 1)]
    await effects.review(at.on(TALK), pull["number"], pull["head"]["sha"], "review-1", "Look.", told).do()
    remark = {"path": "a.txt", "line": 9, "body": "1?", "commit_id": pull["head"]["sha"]}
    at.call("POST", f"pulls/{pull['number']}/comments", remark)
    return pull


async def threads(at, pull) -> list[Thread]:
    return await read_threads(at.on(READ), pull["node_id"])


def as_mona(at, mutation: str, thread: Thread) -> None:
    query = f'mutation {{ {mutation}(input: {{threadId: "{thread.id}"}}) {{ clientMutationId }} }}'
    at.mona.call("POST", f"{at.stage.github_url}/api/graphql", {"query": query})


async def test_only_our_own_are_read_with_where_they_began(installed):
    pull = await reviewed(installed)

    first, second = await threads(installed, pull)

    assert (first.path, first.line, first.head, first.body) == ("a.txt", 1, pull["head"]["sha"], "1?")
    assert (second.line, second.resolved, second.resolved_by, second.refused_by) == (2, False, None, ())


async def test_a_person_called_like_the_app_is_not_the_app(installed):
    pull = await reviewed(installed)
    for comment in installed.repository.review_comments.values():
        comment["review"]["user"] = type(comment["review"]["user"])("quorum", 7)

    assert await threads(installed, pull) == []


async def test_who_resolved_one_is_told_apart_from_us(installed):
    pull = await reviewed(installed)
    first, second = await threads(installed, pull)
    await resolve_thread(installed.on(RESOLVE), first.id).do()
    as_mona(installed, "resolveReviewThread", second)
    comment = installed.call("GET", f"pulls/{pull['number']}/comments")[0]
    installed.call("POST", f"pulls/comments/{comment['id']}/reactions", {"content": "-1"})

    first, second = await threads(installed, pull)

    assert (first.resolved, first.resolved_by, first.refused_by) == (True, None, ("mona",))
    assert (second.resolved, second.resolved_by, second.refused_by) == (True, "mona", ())


async def test_more_than_a_hundred_are_read_page_by_page(installed):
    pull = await reviewed(installed, lines=101)

    assert [each.line for each in await threads(installed, pull)] == list(range(1, 102))


@pytest.mark.parametrize("reason", ["deleted", "not granted"])
async def test_one_that_cannot_be_resolved_is_left_and_nothing_fails(installed, reason: str):
    pull = await reviewed(installed)
    (thread, *_) = await threads(installed, pull)
    if reason == "deleted":
        installed.repository.review_comments.clear()
    effect = resolve_thread(installed.on(RESOLVE if reason == "deleted" else TALK), thread.id)

    assert await effect.do() == {"resolved": False}
