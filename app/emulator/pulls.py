"""Pull requests: opening, reading, reviewing, merging, and the end of a draft by GraphQL."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.emulator import git
from app.emulator.http import GitHubError, actor_of, body_of, check, listed, repository_of, world_of
from app.emulator.issues import close, find_issue, new_issue, record, tell
from app.emulator.protection import refusal
from app.emulator.render import render_pull, render_review, render_user
from app.emulator.state import Repository, User, World, now

Json = dict[str, Any]
_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)", re.IGNORECASE)


async def list_pulls(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    query = request.query_params
    state, head, base = query.get("state", "open"), query.get("head"), query.get("base")
    items = [
        render_pull(world, repository, issue)
        for issue in sorted(repository.issues.values(), key=lambda issue: -issue["number"])
        if issue["pull"]
        and state in {"all", issue["state"]}
        and head in {None, f"{repository.owner.login}:{issue['pull']['head_ref']}"}
        and base in {None, issue["pull"]["base_ref"]}
    ]
    return listed(request, items)


async def create_pull(request: Request) -> Response:
    world, repository, actor = repository_of(request, "pull_requests", "write")
    body = await body_of(request)
    head_ref, base_ref = body["head"].rsplit(":", 1)[-1], body["base"]
    head = await git.rev(repository.path, f"refs/heads/{head_ref}")
    base = await git.rev(repository.path, f"refs/heads/{base_ref}")
    for issue in repository.issues.values():
        pull = issue["pull"]
        if pull and issue["state"] == "open" and (pull["head_ref"], pull["base_ref"]) == (head_ref, base_ref):
            told = f"A pull request already exists for {repository.owner.login}:{head_ref}."
            raise GitHubError(
                422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": told}]
            )
    if head is None or base is None:
        field = "head" if head is None else "base"
        raise GitHubError(422, "Validation Failed", [{"resource": "PullRequest", "field": field, "code": "invalid"}])
    if head == base:
        told = f"No commits between {base_ref} and {head_ref}"
        raise GitHubError(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": told}])
    pull = {"head_ref": head_ref, "base_ref": base_ref, "head_sha": head, "base_sha": base, "mergeable": None}
    pull |= {"draft": bool(body.get("draft")), "merged": False, "merged_at": None, "merge_commit_sha": None}
    issue = new_issue(world, repository, actor.user, body["title"], body.get("body") or "", pull)
    await git.run_git(repository.path, "update-ref", f"refs/pull/{issue['number']}/head", head)
    tell(world, repository, issue, "opened", actor.user)
    return JSONResponse(render_pull(world, repository, issue), 201)


async def get_pull(request: Request) -> Response:
    """Mergeability is worked out by the first look and shown by the next, as GitHub does."""
    world, repository, _ = repository_of(request, "pull_requests", "read")
    issue = _find_pull(repository, request)
    shown = render_pull(world, repository, issue)
    pull = issue["pull"]
    if pull["mergeable"] is None and not pull["merged"]:
        base = await git.rev(repository.path, f"refs/heads/{pull['base_ref']}")
        pull["mergeable"] = (
            base is not None and await git.merge_tree(repository.path, base, pull["head_sha"]) is not None
        )
    return JSONResponse(shown)


async def merge_pull(request: Request) -> Response:
    """https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request: 405 when refused, 409 when the head moved."""
    world, repository, actor = repository_of(request, "contents", "write")
    issue, body = _find_pull(repository, request), await body_of(request)
    pull = issue["pull"]
    if body.get("sha") and body["sha"] != pull["head_sha"]:
        raise GitHubError(409, "Head branch was modified. Review and try the merge again.")
    if issue["state"] != "open":
        raise GitHubError(405, "Pull Request is not mergeable")
    refused = refusal(repository, pull["base_ref"], pull["head_sha"])
    if refused:
        raise GitHubError(405, refused)
    if pull["draft"]:
        raise GitHubError(405, "Pull Request is still a draft")
    base = await git.rev(repository.path, f"refs/heads/{pull['base_ref']}")
    tree = None if base is None else await git.merge_tree(repository.path, base, pull["head_sha"])
    if base is None or tree is None:
        raise GitHubError(405, "Pull Request has merge conflicts")
    commit = await _commit(repository, issue, body, base, tree)
    await git.run_git(repository.path, "update-ref", f"refs/heads/{pull['base_ref']}", commit, base)
    pull.update(merged=True, merged_at=now(), merge_commit_sha=commit)
    pull["merged_by"] = actor.user
    close(world, repository, issue, actor.user)
    if pull["base_ref"] == repository.default_branch:
        for number in {int(found) for found in _CLOSES.findall(issue["body"])} & set(repository.issues):
            if repository.issues[number]["state"] == "open":
                close(world, repository, repository.issues[number], actor.user)
    await after_push(world, repository, actor.user, f"refs/heads/{pull['base_ref']}", base, commit)
    return JSONResponse({"sha": commit, "merged": True, "message": "Pull Request successfully merged"})


async def list_reviews(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    number = _find_pull(repository, request)["number"]
    found = [review for review in repository.reviews.values() if review["pull"] == number]
    return listed(request, [render_review(world, repository, review) for review in found])


async def create_review(request: Request) -> Response:
    """One comment outside the diff's hunks has the whole review refused."""
    world, repository, actor = repository_of(request, "pull_requests", "write")
    issue, body = _find_pull(repository, request), await body_of(request)
    pull = issue["pull"]
    state = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED"}.get(body.get("event", ""), "COMMENTED")
    if state == "APPROVED" and issue["user"] == actor.user:
        raise GitHubError(422, "Can not approve your own pull request")
    lines = await git.added_lines(repository.path, pull["base_sha"], pull["head_sha"])
    for comment in body.get("comments", []):
        place = range(comment.get("start_line") or comment["line"], comment["line"] + 1)
        if not set(place) <= lines.get(comment["path"], set()):
            raise GitHubError(
                422, "Unprocessable Entity", [{"message": "Pull request review thread line must be part of the diff"}]
            )
    review = {"id": world.next_id(), "pull": issue["number"], "user": actor.user, "body": body.get("body", "")}
    review |= {"state": state, "commit_id": body.get("commit_id") or pull["head_sha"], "submitted_at": now()}
    repository.reviews[review["id"]] = review
    for comment in body.get("comments", []):
        identity = world.next_id()
        repository.review_comments[identity] = {**comment, "id": identity, "review": review, "created_at": now()}
    shown = render_review(world, repository, review)
    payload = {"review": shown, "pull_request": render_pull(world, repository, issue)}
    world.tell(repository, "pull_request_review", "submitted", actor.user, payload)
    return JSONResponse(shown)


async def list_review_comments(request: Request) -> Response:
    world, repository, _ = repository_of(request, "pull_requests", "read")
    number, review = _find_pull(repository, request)["number"], request.path_params.get("review")
    found = [
        {
            "id": comment["id"],
            "pull_request_review_id": comment["review"]["id"],
            "path": comment["path"],
            "line": comment["line"],
            "start_line": comment.get("start_line"),
            "side": comment.get("side", "RIGHT"),
            "body": comment["body"],
            "commit_id": comment["review"]["commit_id"],
            "user": render_user(world, comment["review"]["user"]),
            "created_at": comment["created_at"],
        }
        for comment in repository.review_comments.values()
        if comment["review"]["pull"] == number and review in {None, comment["review"]["id"]}
    ]
    return listed(request, found)


async def graphql(request: Request) -> Response:
    """Only the mutations that REST has no word for, known by their names."""
    world, actor, body = world_of(request), actor_of(request), await body_of(request)
    drafts = {"markPullRequestReadyForReview": False, "convertPullRequestToDraft": True}
    name = next((each for each in drafts if each in body.get("query", "")), None)
    wanted = str(next(iter((body.get("variables") or {}).values()), "")).removeprefix("PR_")
    for repository in world.repositories.values():
        for issue in repository.issues.values():
            if name and issue["pull"] and str(issue["id"]) == wanted:
                check(repository, actor, "pull_requests", "write")
                if issue["pull"]["draft"] != drafts[name]:
                    issue["pull"]["draft"] = drafts[name]
                    action = "converted_to_draft" if drafts[name] else "ready_for_review"
                    record(world, repository, issue, action, actor.user)
                    tell(world, repository, issue, action, actor.user)
                return JSONResponse({"data": {name: {"pullRequest": {"isDraft": drafts[name]}}}})
    errors = [{"type": "NOT_FOUND", "message": f"Could not resolve to a node with the global id of '{wanted}'"}]
    return JSONResponse({"data": None, "errors": errors})


async def after_push(world: World, repository: Repository, sender: User, ref: str, before: str, after: str) -> None:
    """Pull requests follow their branches, and everybody is told."""
    branch = ref.removeprefix("refs/heads/")
    for issue in repository.issues.values():
        pull = issue["pull"]
        if not pull or issue["state"] != "open":
            continue
        if pull["base_ref"] == branch:
            pull.update(mergeable=None, base_sha=after)
        if pull["head_ref"] == branch and after.strip("0"):
            pull.update(head_sha=after, mergeable=None)
            await git.run_git(repository.path, "update-ref", f"refs/pull/{issue['number']}/head", after)
            tell(world, repository, issue, "synchronize", sender, before=before, after=after)
    flags = {"created": not before.strip("0"), "deleted": not after.strip("0"), "forced": False}
    payload: Json = {"ref": ref, "before": before, "after": after, "commits": [], "head_commit": None, **flags}
    world.tell(repository, "push", "", sender, {**payload, "base_ref": None, "compare": ""})


async def _commit(repository: Repository, issue: Json, body: Json, base: str, tree: str) -> str:
    pull = issue["pull"]
    method = body.get("merge_method", "merge")
    title = body.get("commit_title") or f"Merge pull request #{issue['number']} from {pull['head_ref']}"
    parents = ["-p", base] + (["-p", pull["head_sha"]] if method == "merge" else [])
    message = f"{title}\n\n{body.get('commit_message') or issue['title']}\n".encode()
    return (await git.run_git(repository.path, "commit-tree", tree, *parents, stdin=message)).strip()


def _find_pull(repository: Repository, request: Request) -> Json:
    issue = find_issue(repository, request.path_params["number"])
    if not issue["pull"]:
        raise GitHubError(404, "Not Found")
    return issue


_P = "/api/v3/repos/{owner}/{repo}/pulls"
routes = [
    Route(_P, list_pulls, methods=["GET"]),
    Route(_P, create_pull, methods=["POST"]),
    Route(f"{_P}/{{number:int}}", get_pull, methods=["GET"]),
    Route(f"{_P}/{{number:int}}/merge", merge_pull, methods=["PUT"]),
    Route(f"{_P}/{{number:int}}/reviews", list_reviews, methods=["GET"]),
    Route(f"{_P}/{{number:int}}/reviews", create_review, methods=["POST"]),
    Route(f"{_P}/{{number:int}}/reviews/{{review:int}}/comments", list_review_comments, methods=["GET"]),
    Route(f"{_P}/{{number:int}}/comments", list_review_comments, methods=["GET"]),
    Route("/api/graphql", graphql, methods=["POST"]),
]
