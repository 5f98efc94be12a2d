"""One embedded GitHub for all tests of the forge, and an App installed on a repository of each test's own."""

import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.cli.demo.github import Person
from app.cli.demo.stage import Stage
from app.emulator.app import add_repository
from app.emulator.state import Repository
from app.forge.api import Forge, GitHub
from app.forge.mirrors import Mirrors
from app.forge.permissions import Permissions
from app.policy.values import Repo, Sha
from app.settings import Settings

WRITES = (
    "/(reactions|(issues|comments|check-runs|pulls)(/[0-9]+)?|merge|reviews|replies|graphql|heads/.*|git-receive-pack)$"
)
_AUTHOR = {f"GIT_{who}_{what}": "mona" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass
class Installed:
    """The App's forge on one repository, and what a person sees there. `commits` makes each commit another."""

    stage: Stage
    mona: Person
    forge: Forge
    repository: Repository
    repo: Repo
    mirrors: Mirrors
    commits: Iterator[int] = field(default_factory=lambda: count(1))

    def on(self, permissions: Permissions) -> GitHub:
        return self.forge.on(self.repo, permissions)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.mona.call(method, f"/repos/{self.repository.full_name}/{path}", body)

    def issue(self, title: str = "It breaks") -> int:
        return int(self.call("POST", "issues", {"title": title})["number"])

    def faults(self, *faults: dict[str, Any]) -> None:
        self.mona.call("PUT", f"{self.stage.github_url}/_emulator/faults", {"faults": list(faults)})

    def bad_gateway(self, *, after: bool, path: str = WRITES) -> None:
        """The next write is answered 502, before or after its effect."""
        self.faults({"method": "POST|PATCH|PUT|DELETE", "path": path, "status": 502, "after": after})

    def git(self, *args: str, stdin: bytes = b"") -> str:
        """On GitHub's own copy of the repository."""
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", **_AUTHOR}
        command = ["git", "-C", str(self.repository.path), *args]
        return subprocess.run(command, env=env, input=stdin, capture_output=True, check=True).stdout.decode().strip()

    def commit(self, files: dict[str, bytes], *parents: str, branch: str | None = None) -> Sha:
        """A commit with these files, straight on GitHub; `branch` is set to it."""
        blobs = {path: self.git("hash-object", "-w", "--stdin", stdin=text) for path, text in files.items()}
        listed = "".join(f"100644 blob {blob}\t{path}\0" for path, blob in blobs.items())
        tree = self.git("mktree", "-z", stdin=listed.encode())
        options = [part for parent in parents for part in ("-p", parent)]
        sha = self.git("commit-tree", tree, *options, "-m", f"Commit {next(self.commits)}")
        if branch is not None:
            self.git("update-ref", f"refs/heads/{branch}", sha)
        return Sha(sha)


@dataclass(frozen=True)
class Shared:
    """What all tests have in common. Reading the key and the authorities takes longer than most of them."""

    stage: Stage
    mona: Person
    settings: Settings
    key: RSAPrivateKey
    no_authorities: ssl.SSLContext


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(tmp_path_factory.mktemp("forge")))
        with Stage("scripted:none") as stage:
            mona = stage.person("mona")
            values = stage.install_app(stage.new_repository(mona, "first"))
            client_id = values["QUORUM_APP_CLIENT_ID"]
            settings = Settings(github_url=stage.github_url, app_id=stage.app_id, app_client_id=client_id)
            key = load_pem_private_key(Path(values["QUORUM_PRIVATE_KEY_FILE"]).read_bytes(), None)
            assert isinstance(key, RSAPrivateKey)
            yield Shared(stage, mona, settings, key, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


@pytest.fixture
async def installed(shared: Shared, tmp_path: Path) -> AsyncIterator[Installed]:
    world = shared.stage.world
    name = f"r{len(world.repositories)}"
    repository = await add_repository(world, world.users["mona"], name, {"mona": "admin"})
    installation = next(iter(world.installations.values()))
    installation.repository_ids.append(repository.id)
    async with httpx.AsyncClient(timeout=60.0, trust_env=False, verify=shared.no_authorities) as client:
        forge = Forge(shared.settings, client, "read already", write_gap_s=0)
        forge.tokens._signing_key = shared.key
        repo = Repo(installation.id, repository.id, "mona", name)
        mirrors = Mirrors(tmp_path / "mirrors", forge)
        here = Installed(shared.stage, shared.mona, forge, repository, repo, mirrors)
        here.commit({"a.txt": b"a\n"}, branch="main")
        yield here
        here.faults()
