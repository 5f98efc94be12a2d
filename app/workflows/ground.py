"""Where a change starts from: the base commit, and the policy and guidance that stand in it, never in the change."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from app.forge.git import has_commit, history_of, show, show_each
from app.forge.own_files import read_own_files
from app.policy.config import POLICY_PATH, Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.facts import PolicySource
from app.policy.own import OwnFile, fault_in
from app.policy.rules import OWN_FOLDER
from app.policy.values import Repo, Sha
from app.store.notes import notes_of
from app.wiring import Services
from app.workflows.defaults import read_default
from app.workflows.remembering import render_for_agents

GUIDANCE_PATHS = ("AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md", "CONTRIBUTING.md")
_GUIDANCE_LIMIT = 12_000
"""Characters of guidance that go into a prompt."""


@dataclass(frozen=True)
class Ground:
    """`policy_text` is None where neither the base nor the organization has a policy: then the built-in one holds.

    `own`: the files of the project's own perspectives. `valid_text` and `valid_own`: where the base's cannot be used,
    the newest of its history that can (None: no earlier one). `notes`: what people asked to be remembered. It is for
    who builds and never for who judges: nobody reviewed it, and who wrote the change may have said it.
    """

    base_ref: str
    base_sha: Sha
    policy_text: str | None
    guidance: str
    source: Literal["base", "org", "default"] = "base"
    valid_text: str | None = None
    own: tuple[OwnFile, ...] = ()
    valid_own: tuple[OwnFile, ...] = ()
    notes: str = ""

    def policy(self) -> Policy:
        """Raises `PolicyError`, which names line, column and remedy."""
        return parse_policy(self.policy_text or "", self.own)

    @property
    def error(self) -> str | None:
        """What is wrong with the policy, for who must mend it."""
        try:
            self.policy()
        except PolicyError as error:
            return str(error)
        return None

    def state(self) -> PolicySource:
        """Where the policy comes from, or whose cannot be used."""
        if self.error is None:
            return self.source
        return "org_invalid" if self.source == "org" and not fault_in(self.own) else "invalid"

    def in_force(self) -> Policy:
        """The policy to judge by: where the base's cannot be used, the last one that could."""
        return parse_policy(self.valid_text or "", self.valid_own) if self.error else self.policy()


async def find_ground(services: Services, repo: Repo, base_ref: str, known: Sha | None = None) -> Ground:
    """Fetch `base_ref` and read what stands in its newest commit. `known`: that commit, if it need not be asked for."""
    mirrors, mirror = services.mirrors, services.mirrors.path(repo)
    if known is not None and await has_commit(mirror, known):
        base_sha = known
    else:
        base_sha = await mirrors.fetch(repo, f"refs/heads/{base_ref}")
    found, own = await show(mirror, base_sha, POLICY_PATH), await read_own_files(mirror, base_sha)
    text = None if found is None else found.decode("utf-8", "replace")
    source: Literal["base", "org", "default"] = "base"
    if text is None:
        text = await read_default(services, repo, fresh=known is None)
        source = "default" if text is None else "org"
    guidance, notes = await read_guidance(mirror, base_sha), await _read_notes(services, repo)
    ground = Ground(base_ref, base_sha, text, guidance, source, own=own, notes=notes)
    if ground.state() != "invalid":
        return ground
    valid = await _last_valid(mirror, base_sha, "" if found is not None else text or "")
    return ground if valid is None else replace(ground, valid_text=valid[0], valid_own=valid[1])


async def _read_notes(services: Services, repo: Repo) -> str:
    async with services.database.connect() as db:
        return render_for_agents(await notes_of(db, repo.id))


async def _last_valid(mirror: Path, base_sha: Sha, without: str) -> tuple[str, tuple[OwnFile, ...]] | None:
    """The newest policy on the base branch that can be used, told by its history, so that every process tells alike.

    `without`: what holds where there was no policy file.
    """
    for commit in await history_of(mirror, base_sha, POLICY_PATH, OWN_FOLDER):
        found, own = await show(mirror, commit, POLICY_PATH), await read_own_files(mirror, commit)
        text = without if found is None else found.decode("utf-8", "replace")
        try:
            parse_policy(text, own)
        except PolicyError:
            continue
        return text, own
    return None


async def read_guidance(mirror: Path, sha: Sha) -> str:
    """What a commit tells those who work on the code."""
    found = zip(GUIDANCE_PATHS, await show_each(mirror, sha, GUIDANCE_PATHS), strict=True)
    parts = [f"--- {path} ---\n{text.decode('utf-8', 'replace')}" for path, text in found if text is not None]
    return "\n\n".join(parts)[:_GUIDANCE_LIMIT]
