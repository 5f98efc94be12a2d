"""Pull requests, reviews and review comments as GitHub shows them."""

from typing import Any

from app.emulator.render import api_of, page_of, render_reactions, render_repository, render_user
from app.emulator.render_issues import association, render_issue
from app.emulator.rules import Change, violations
from app.emulator.state import Actor, Repository, User, World

Json = dict[str, Any]
_ONLY_OF_ISSUES = frozenset({"pull_request", "state_reason", "reactions", "labels_url", "events_url"})


def render_listed_pull(world: World, repository: Repository, issue: Json) -> Json:
    """A pull request as lists show it, and the payloads of reviews."""
    pull, number = issue["pull"], issue["number"]
    api, page = api_of(world, repository), f"{page_of(world, repository)}/pull/{number}"
    links = _links(api, page, number, pull["head_sha"])
    side = {"repo": render_repository(world, repository), "user": render_user(world, repository.owner)}
    owner = repository.owner.login
    # Of a fork that was deleted GitHub shows no repository: https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    head_side = {**side, "repo": None} if pull.get("fork_gone") else side
    as_issue = render_issue(world, repository, issue)
    return {
        **{key: value for key, value in as_issue.items() if key not in _ONLY_OF_ISSUES},
        "node_id": f"PR_{issue['id']}",
        **{f"{name}_url": link["href"] for name, link in links.items() if name not in {"self", "html", "issue"}},
        "url": links["self"]["href"],
        "issue_url": links["issue"]["href"],
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "_links": links,
        "draft": pull["draft"],
        "merged_at": pull["merged_at"],
        "merge_commit_sha": pull["merge_commit_sha"],
        "requested_reviewers": [],
        "requested_teams": [],
        "auto_merge": _auto_merge(world, pull.get("auto_merge")),
        "head": {"ref": pull["head_ref"], "sha": pull["head_sha"], "label": f"{owner}:{pull['head_ref']}", **head_side},
        "base": {"ref": pull["base_ref"], "sha": pull["base_sha"], "label": f"{owner}:{pull['base_ref']}", **side},
    }


def render_pull(world: World, repository: Repository, issue: Json) -> Json:
    """A pull request with what GitHub works out about it."""
    pull, number = issue["pull"], issue["number"]
    merged_by = pull.get("merged_by")
    comments = sum(each["review"]["pull"] == number for each in repository.review_comments.values())
    return {
        **render_listed_pull(world, repository, issue),
        "merged": pull["merged"],
        "merged_by": None if merged_by is None else render_user(world, merged_by),
        "mergeable": pull["mergeable"],
        "rebaseable": pull["mergeable"],
        "mergeable_state": _mergeable_state(repository, issue),
        "maintainer_can_modify": False,
        "review_comments": comments,
        **{name: pull["size"][name] for name in ("commits", "additions", "deletions", "changed_files")},
    }


def _auto_merge(world: World, auto: Json | None) -> Json | None:
    return None if auto is None else {**auto["wish"], "enabled_by": render_user(world, auto["actor"].user)}


def _mergeable_state(repository: Repository, issue: Json) -> str:
    """For somebody who bypasses nothing."""
    pull = issue["pull"]
    if pull["mergeable"] is None:
        return "unknown"
    if not pull["mergeable"]:
        return "dirty"
    change = Change("update", pull["base_ref"], pull["head_sha"], pull=issue, queued=True)
    if pull["draft"] or pull["merged"]:
        return "draft" if pull["draft"] else "unknown"
    return "blocked" if violations(repository, Actor(User("", 0)), change) else "clean"


def _links(api: str, page: str, number: int, head: str) -> dict[str, Json]:
    pull, issue = f"{api}/pulls/{number}", f"{api}/issues/{number}"
    places = {
        "self": pull,
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{pull}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{pull}/commits",
        "statuses": f"{api}/statuses/{head}",
    }
    return {name: {"href": place} for name, place in places.items()}


def render_review(world: World, repository: Repository, review: Json) -> Json:
    page = f"{page_of(world, repository)}/pull/{review['pull']}#pullrequestreview-{review['id']}"
    pull = f"{api_of(world, repository)}/pulls/{review['pull']}"
    submitted = {} if review["state"] == "PENDING" else {"submitted_at": review["submitted_at"]}
    return {
        "id": review["id"],
        "node_id": f"PRR_{review['id']}",
        "user": render_user(world, review["user"]),
        "body": review["body"],
        "state": review["state"],
        "html_url": page,
        "pull_request_url": pull,
        "_links": {"html": {"href": page}, "pull_request": {"href": pull}},
        "commit_id": review["commit_id"],
        **submitted,
        "author_association": association(repository, review["user"].login),
    }


def render_review_comment(world: World, repository: Repository, comment: Json) -> Json:
    """`position` counts lines of the diff, `line` those of the file."""
    review, api = comment["review"], api_of(world, repository)
    url, pull = f"{api}/pulls/comments/{comment['id']}", f"{api}/pulls/{review['pull']}"
    page = f"{page_of(world, repository)}/pull/{review['pull']}#discussion_r{comment['id']}"
    on = ("review_comment", comment["id"])
    given = [each["shown"]["content"] for each in repository.reactions if each["on"] == on]
    shown = {
        "id": comment["id"],
        "node_id": f"PRRC_{comment['id']}",
        "pull_request_review_id": review["id"],
        "url": url,
        "html_url": page,
        "pull_request_url": pull,
        "_links": {"self": {"href": url}, "html": {"href": page}, "pull_request": {"href": pull}},
        "path": comment["path"],
        "diff_hunk": comment["diff_hunk"],
        "subject_type": "line",
        "body": comment["body"],
        "user": render_user(world, review["user"]),
        "author_association": association(repository, review["user"].login),
        "created_at": comment["created_at"],
        "updated_at": comment["created_at"],
        "reactions": render_reactions(url, given),
        "commit_id": review["commit_id"],
        "original_commit_id": review["commit_id"],
        **({"in_reply_to_id": comment["in_reply_to"]} if comment.get("in_reply_to") else {}),
    }
    places = {name: comment.get(name) for name in ("line", "side", "start_line", "start_side", "position")}
    return {**shown, **places, **{f"original_{name}": places[name] for name in ("line", "start_line", "position")}}
