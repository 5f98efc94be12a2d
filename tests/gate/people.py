"""What people do: each on GitHub, and as a note in the model."""

from model import Pull, Review, Word
from world import BASES, World

_STATES = {"APPROVE": "approved", "REQUEST_CHANGES": "changes_requested"}


def found(world: World, policy: str | None) -> None:
    """The first commit on every branch, and the protection of two of them."""
    files = {f"src/{name}.txt": "".join(f"{name} {number}\n" for number in range(12)) for name in ("a", "b")}
    files |= {"db/schema.txt": "one\ntwo\nthree\n", **({".github/quorum.yml": policy} if policy is not None else {})}
    first = world.git.commit(files)
    for branch in BASES:
        world.git.run("update-ref", f"refs/heads/{branch}", first)
    checks = [{"context": "quorum/gate", "integration_id": world.stage.app.id}]
    rules = [
        {"type": "required_status_checks", "parameters": {"required_status_checks": checks}},
        {"type": "pull_request", "parameters": {"required_approving_review_count": 0}},
    ]
    conditions = {"ref_name": {"include": ["refs/heads/main", "refs/heads/release"], "exclude": []}}
    admins = [{"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}]
    ruleset = {"name": "gate", "enforcement": "active", "conditions": conditions, "rules": rules}
    world.must("ada", "POST", "rulesets", {**ruleset, "bypass_actors": admins})
    world.outbox.clear()


def open_pull(world: World, author: str, base: str, head: str, *, branch: str | None = None) -> Pull | None:
    """From a branch of its own, or one that is there; None where GitHub has it already or sees no commits."""
    title = f"Change n{len(world.pulls) + 1}"
    if branch is None:
        branch = f"topic-{len(world.pulls) + 1}"
        world.git.run("update-ref", f"refs/heads/{branch}", head)
    answer = world.call(author, "POST", "pulls", {"title": title, "head": branch, "base": base})
    if answer.status_code == 422:
        return None
    pull = Pull(answer.json()["number"], author, branch, base, head, title)
    pull.heads.append(head)
    pull.bases.append((world.stage.time, base))
    world.pulls[pull.number] = pull
    return pull


def push(world: World, login: str, branch: str, head: str) -> bool:
    """By force if it must be; False where the person may not."""
    if world.git.tip(branch) == head:
        return False
    moved = [pull for pull in world.pulls.values() if pull.open and pull.branch == branch]
    before = {pull.number: world.name_of_diff(pull) for pull in moved}
    if not world.call(login, "PATCH", f"git/refs/heads/{branch}", {"sha": head, "force": True}).is_success:
        return False
    for pull in moved:
        pull.head = head
        if head not in pull.heads:
            pull.pushes.append((login, world.name_of_diff(pull) != before[pull.number]))
        pull.heads.append(head)
        for word in pull.words:
            if word.bare and word.answer is None:
                word.others.add(world.name_of_diff(pull))
    return True


def retarget(world: World, pull: Pull, base: str) -> None:
    if world.call("ada", "PATCH", f"pulls/{pull.number}", {"base": base}).is_success:
        pull.base = base
        for each in pull.reviews:
            each.late = each.late or not each.seen
        pull.bases.append((world.stage.time, base))


def label(world: World, pull: Pull, login: str, name: str) -> None:
    """Set by a person it is trusted; by another App it is not."""
    if world.call(login, "POST", f"issues/{pull.number}/labels", {"labels": [name]}).is_success:
        pull.labels.setdefault(name, not login.endswith("[bot]"))


def unlabel(world: World, pull: Pull, name: str) -> None:
    if world.call("tria", "DELETE", f"issues/{pull.number}/labels/{name}").is_success:
        pull.labels.pop(name, None)


def review(world: World, pull: Pull, login: str, event: str) -> None:
    answer = world.call(login, "POST", f"pulls/{pull.number}/reviews", {"event": event, "body": "I looked."})
    if answer.is_success:
        told = answer.json()
        pull.reviews.append(Review(told["id"], login, _STATES[event], told["commit_id"], world.name_of_diff(pull)))


def dismiss_review(world: World, pull: Pull, position: int) -> None:
    standing = [each for each in pull.reviews if each.state != "dismissed"]
    if standing:
        each = standing[position % len(standing)]
        world.must("ada", "PUT", f"pulls/{pull.number}/reviews/{each.id}/dismissals", {"message": "No."})
        each.state = "dismissed"


def say(world: World, pull: Pull, login: str, verb: str, target: str = "", *, how: str = "named") -> Word:
    """`how`: named (with the commit), bare (without it), quoted, silent (without a reason)."""
    at = f" at {pull.head[:12]}" if how == "named" and verb == "override" else ""
    because = "" if how == "silent" else " because it must go out"
    text = f"@quorum {verb} {target}{at}{because}".replace("  ", " ")
    body = f"> {text}" if how == "quoted" else text
    made = world.must(login, "POST", f"issues/{pull.number}/comments", {"body": body})
    word = Word(made["id"], login, verb, target, world.name_of_diff(pull), pull.head, how not in {"quoted", "silent"})
    word.bare = how == "bare"
    pull.words.append(word)
    return word


def unsay(world: World, word: Word, *, edit: bool) -> None:
    """The comment is edited or deleted."""
    path = f"issues/comments/{word.id}"
    done = (
        world.call(word.login, "PATCH", path, {"body": "Never mind."})
        if edit
        else world.call(word.login, "DELETE", path)
    )
    if done.is_success and word.answer is None:
        word.gone = True


def close(world: World, pull: Pull, *, reopen: bool = False) -> None:
    if world.call("ada", "PATCH", f"pulls/{pull.number}", {"state": "open" if reopen else "closed"}).is_success:
        pull.open = reopen


def turn_draft(world: World, pull: Pull) -> None:
    """Into a draft, or out of that."""
    name = "markPullRequestReadyForReview" if pull.draft else "convertPullRequestToDraft"
    node = f"PR_{world.repository.issues[pull.number]['id']}"
    query = f"mutation {name}($id: ID!) {{ {name}(input: {{pullRequestId: $id}}) {{ pullRequest {{ isDraft }} }} }}"
    answer = world.must("ada", "POST", "/api/graphql", {"query": query, "variables": {"id": node}})
    if not answer.get("errors"):
        pull.draft = not pull.draft


def press(world: World, pull: Pull, what: str, login: str) -> None:
    """`Re-run` of the gate or of its whole suite, or the button *Re-review*."""
    own = [each for each in world.repository.check_runs.values() if each["app_id"] == world.stage.app.id]
    gates = [each for each in own if each["head_sha"] == pull.head and each["name"] == "quorum/gate"]
    if gates:
        wish = {"login": login, "repository": world.repository.full_name}
        wish |= {"check_suite": gates[-1]["suite_id"]} if what == "suite" else {"check_run": gates[-1]["id"]}
        pressed = gates[-1]["actions"] and what == "button"
        world.call("ada", "PUT", "/_emulator/clicks", {**wish, **({"action": "review"} if pressed else {})})


def pretend(world: World, pull: Pull, *, status: bool) -> None:
    """Somebody else says that the gate is green."""
    if status:
        world.call("wes", "POST", f"statuses/{pull.head}", {"state": "success", "context": "quorum/gate"})
    else:
        body = {"name": "quorum/gate", "head_sha": pull.head, "status": "completed", "conclusion": "success"}
        world.must("helper[bot]", "POST", "check-runs", body)
