"""What a project's own habits ask of a change: how commits are worded, and the template of its pull requests."""

from dataclasses import dataclass
from pathlib import Path

from app.agents.envelope import enclose
from app.forge.manners import newest_messages, read_template
from app.policy.commit_style import PLAIN, Style, learn_style
from app.policy.commit_wording import describe_style
from app.policy.values import Sha


@dataclass(frozen=True)
class Manners:
    """As they stand on the base branch, never in the change."""

    style: Style = PLAIN
    template: str = ""


async def read_manners(mirror: Path, base_sha: Sha) -> Manners:
    return Manners(learn_style(await newest_messages(mirror, base_sha)), await read_template(mirror, base_sha))


def manners_told(manners: Manners) -> str:
    """For who writes the change: it titles the commit and the pull request."""
    shown = enclose("newest commits", "\n".join(manners.style.samples), rendered=False)
    told = describe_style(manners.style)
    return f"{told} Word your title so.\n\n{shown}" if manners.style.samples else told
