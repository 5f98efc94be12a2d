"""Where a change starts from: the base commit, and the policy and guidance that stand in it, never in the change."""

from dataclasses import dataclass
from pathlib import Path

from app.forge.git import Mirrors, show
from app.policy.config import POLICY_PATH, Policy, parse_policy
from app.policy.values import Repo, Sha

GUIDANCE_PATHS = ("AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md", "CONTRIBUTING.md")
_GUIDANCE_LIMIT = 12_000
"""Characters of guidance that go into a prompt."""


@dataclass(frozen=True)
class Ground:
    """`policy_text` is None where the base has no policy file: then the built-in default holds."""

    base_ref: str
    base_sha: Sha
    policy_text: str | None
    guidance: str

    def policy(self) -> Policy:
        """Raises `PolicyError`, which names line, column and remedy."""
        return parse_policy(self.policy_text or "")


async def find_ground(mirrors: Mirrors, repo: Repo, base_ref: str) -> Ground:
    """Fetch `base_ref` and read what stands in its newest commit."""
    base_sha = await mirrors.fetch(repo, f"refs/heads/{base_ref}")
    mirror = mirrors.path(repo)
    policy = await show(mirror, base_sha, POLICY_PATH)
    text = None if policy is None else policy.decode("utf-8", "replace")
    return Ground(base_ref, base_sha, text, await _read_guidance(mirror, base_sha))


async def _read_guidance(mirror: Path, sha: Sha) -> str:
    parts = []
    for path in GUIDANCE_PATHS:
        found = await show(mirror, sha, path)
        if found is not None:
            parts.append(f"--- {path} ---\n{found.decode('utf-8', 'replace')}")
    return "\n\n".join(parts)[:_GUIDANCE_LIMIT]
