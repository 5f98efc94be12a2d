"""The story in order: setting up, the eight scenes, what was seen, and the closing table."""

import asyncio
import json
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.cli.demo.closing import closing_table, count
from app.cli.demo.github import DemoError, Person
from app.cli.demo.stage import Stage, push_folder, run_git, with_token
from app.cli.demo.story import GATE, StoppedError, Story, council_agrees
from app.policy.testfiles import is_test
from app.sandbox.box import Limits
from app.sandbox.bubblewrap import Bubblewrap
from app.settings import Settings

_HERE = Path(__file__).parent
_POLICY = "test: {test}\nbudget_usd: 20.00\n"


@dataclass(frozen=True)
class Plan:
    """What is played: the bundled sample (no `repo`), or somebody's repository and issue."""

    repo: str
    issue: Path | None
    test: str
    model: str
    patience_s: float


def play(plan: Plan, stage: Stage, start: float) -> tuple[dict[str, Any], bool]:
    """Play the story. Returns what was seen on GitHub's side, and whether it came to its good end."""

    def tell(who: str, what: str) -> None:
        print(f"{time.monotonic() - start:6.1f} s  {who:8} {what}", flush=True)

    if plan.model.startswith("scripted:"):
        tell("note", "the model's replies come from a SCRIPT; everything else really happens, on an embedded GitHub")
    mona = stage.person("mona")
    repository = stage.new_repository(mona, "sample" if not plan.repo else Path(plan.repo).name.removesuffix(".git"))
    full_name, remote = repository.full_name, f"{stage.github_url}/{repository.full_name}.git"
    settings = stage.install_app(repository)
    if not plan.repo:
        settings["QUORUM_SETUP_HOSTS"] = "[]"  # the sample needs nothing, and nothing of it asks a registry
    _push(plan, remote, mona)
    checks = {"strict": False, "checks": [{"context": GATE, "app_id": stage.app_id}]}
    protection: dict[str, Any] = {"required_status_checks": checks, "enforce_admins": True}
    protection |= {"required_pull_request_reviews": None, "restrictions": None}
    mona.call("PUT", f"/repos/{full_name}/branches/main/protection", protection)
    tell("set-up", f"{full_name} is on {stage.github_url}; `main` requires {GATE} from App {stage.app_id}")
    stage.start_quorum(settings)

    story = Story(full_name, mona, tell, stage.alive, plan.patience_s)
    title, body = _read_issue(plan)
    issue = mona.call("POST", f"/repos/{full_name}/issues", {"title": title, "body": body})["number"]
    story.seen.issue = {"number": issue}
    tell("issue", f"#{issue}: {title}")
    pull, fine = None, False
    try:
        pull = _scenes(story, issue)
        fine = True
    except StoppedError as stopped:
        tell("end", str(stopped))
    except DemoError as error:
        tell("end", f"the story did not go on: {error}")
    seen = asdict(story.collect(issue, pull))
    seen["tests"] = _tests(plan, remote, mona, seen)
    seen["counts"] = count(stage, settings)
    seen["seconds"] = round(time.monotonic() - start, 1)
    closing_table(seen, settings, scripted=plan.model.startswith("scripted:"))
    return seen, fine


def _scenes(story: Story, issue: int) -> dict[str, Any]:
    story.label(issue)
    story.watch_pickup(issue)
    pull = story.watch_pull(issue)
    round_, refused = 0, False
    while True:
        round_ += 1
        conclusions = story.watch_council(pull, round_)
        if council_agrees(conclusions):
            break
        if not refused:
            story.try_merge(pull)
            refused = True
    story.merge(pull)
    story.ask(pull, "@quorum")
    return pull


def _push(plan: Plan, remote: str, mona: Person) -> None:
    if not plan.repo:
        push_folder(_HERE / "sample", remote, mona.token, "Tally 0.3.0")
        return
    with tempfile.TemporaryDirectory(prefix="quorum-demo-") as scratch:
        copy = Path(scratch) / "work"
        run_git(Path(scratch), "clone", "--quiet", "--", plan.repo, str(copy))
        policy = copy / ".github" / "quorum.yml"
        if plan.test and not policy.exists():
            policy.parent.mkdir(exist_ok=True)
            policy.write_text(_POLICY.format(test=json.dumps(plan.test)))
            run_git(copy, "add", "--all")
            run_git(copy, "commit", "--quiet", "--message", "Tell Quorum how to run the tests")
        run_git(copy, "push", "--quiet", with_token(remote, mona.token), "HEAD:refs/heads/main")


def how_to_look(stage: Stage) -> str:
    """What can be asked of everything that stays up."""
    mona = stage.people[0]
    repository = next(iter(stage.world.repositories.values())).full_name
    api = f"{stage.github_url}/api/v3/repos/{repository}"
    return "\n".join(
        [
            "Everything stays up until Ctrl-C. GitHub answers as to @mona:",
            f"  curl -H 'Authorization: Bearer {mona.token}' {api}/pulls/2",
            f"  curl -H 'Authorization: Bearer {mona.token}' {api}/issues/1/comments",
            f"  git clone {with_token(f'{stage.github_url}/{repository}.git', mona.token)}",
        ]
    )


def _read_issue(plan: Plan) -> tuple[str, str]:
    text = (plan.issue or _HERE / "issue.md").read_text(encoding="utf-8")
    title, _, body = text.partition("\n")
    return title.lstrip("# ").strip(), body.strip("\n").rstrip()


def _tests(plan: Plan, remote: str, mona: Person, seen: dict[str, Any]) -> dict[str, Any]:
    """Run the merged tests on clean copies: on the code from before, and on what was merged.

    Of a repository whose test command was not given nothing is told: another command would show nothing.
    """
    command = plan.test or ("" if plan.repo else "python3 -m unittest")
    merged = seen["merge"].get("sha")
    if not merged or not command:
        return {}
    with tempfile.TemporaryDirectory(prefix="quorum-demo-") as scratch:
        copy = Path(scratch) / "work"
        run_git(Path(scratch), "clone", "--quiet", with_token(remote, mona.token), str(copy))
        after = _exit_code(command, copy)
        _take_back_code(copy, merged)
        before = _exit_code(command, copy)
    return {"command": command, "old_code_with_new_tests": before, "merged": after}


def _take_back_code(copy: Path, merged: str) -> None:
    """Bring every changed file that is no test back to what it was before the merge."""
    for row in run_git(copy, "diff", "--no-renames", "--name-status", f"{merged}^1", merged).splitlines():
        status, path = row.split("\t", 1)
        if is_test(path):
            continue
        if status == "A":
            (copy / path).unlink()
        else:
            run_git(copy, "checkout", "--quiet", f"{merged}^1", "--", path)


def _exit_code(command: str, folder: Path) -> int:
    """In the sandbox: what a model wrote is run nowhere else, and before anybody has looked at it least of all."""
    place = folder.with_name(f"{folder.name}-tested")
    shutil.copytree(folder, place, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    try:
        box = Bubblewrap(Settings().toolchains)
        done = asyncio.run(box.run(["sh", "-c", command], worktree=place, limits=Limits(wall_s=600, cpu_s=1200)))
    finally:
        shutil.rmtree(place)
    return done.exit_code
