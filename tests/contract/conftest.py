"""A repository with one commit, a person, a reader, and an App that may do and hears everything."""

import time
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.emulator import git
from app.emulator.app import add_repository
from app.emulator.state import App, Installation, Repository, World
from tests.contract.told import Client

PERMISSIONS = (
    *("actions", "administration", "checks", "contents", "deployments", "issues", "pull_requests", "statuses"),
)
GRANTED = {**dict.fromkeys(PERMISSIONS, "write"), "members": "read", "metadata": "read"}
EVENTS = frozenset(
    {
        *("check_run", "check_suite", "issue_comment", "issues", "pull_request", "pull_request_review"),
        *("deployment_protection_rule", "deployment_status"),
        *("pull_request_review_comment", "pull_request_review_thread", "push", "repository_ruleset", "status"),
        *("installation", "installation_repositories", "merge_group", "repository", "workflow_run"),
    }
)


@dataclass
class Scene:
    world: World
    repository: Repository
    app: App
    installation: Installation
    client: Client
    ada: str
    bob: str
    as_app: str
    as_installation: str
    first: str

    async def commit(self, branch: str, text: str, onto: str) -> str:
        """A commit with one file changed, on a branch that is moved without anybody being told."""
        path = self.repository.path
        blob = (await git.run_git(path, "hash-object", "-w", "--stdin", stdin=text.encode())).strip()
        tree = (await git.run_git(path, "mktree", stdin=f"100644 blob {blob}\tnotes.txt\n".encode())).strip()
        parents = ("-p", onto) if onto else ()
        sha = (await git.run_git(path, "commit-tree", tree, *parents, "-m", "Write notes")).strip()
        await git.run_git(path, "update-ref", f"refs/heads/{branch}", sha)
        return sha


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    world = World(tmp_path)
    world.base_url = "http://github.test"
    ada, bob = world.add_user("ada"), world.add_user("bob")
    repository = await add_repository(world, world.users["ada"], "engine", {"ada": "admin", "bob": "write"})
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    public = key.public_key().public_bytes(*form).decode()
    app = world.add_app("bot", public, GRANTED, EVENTS, ("http://receiver.test/", "secret"))
    installation = world.install(app, [repository])
    moment = int(time.time())
    as_app = jwt.encode({"iss": str(app.id), "iat": moment - 60, "exp": moment + 300}, key, algorithm="RS256")
    as_installation = world.mint(installation, GRANTED, [repository.id])[0]
    scene = Scene(world, repository, app, installation, Client(world), ada, bob, as_app, as_installation, "")
    scene.first = await scene.commit("main", "".join(f"line {number}\n" for number in range(9)), "")
    return scene
