"""What is said of a repair that is offered to a person. Pure: values in, Markdown out."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.forge.clean import clean_description, clean_markdown
from app.forge.read import PullFacts
from app.forge.visible import only_visible
from app.policy.render import code
from app.policy.values import Sha
from app.sandbox.filewise import filewise
from app.workflows.texts import count, fence
from app.workflows.verifying import Verification

_PATCH_CHARS = 50_000
"""GitHub takes 65,535 in a comment (https://docs.github.com/en/rest/issues/comments); the rest is for words."""
_NAMED = 50
_FILE = "quorum-fix.patch"


@dataclass(frozen=True)
class Remedy:
    """`test`: the command, if there is one. `summary` is the agent's own."""

    parent: int
    head: Sha
    perspectives: tuple[str, ...]
    summary: str
    test: str | None
    verified: Verification
    run_id: str


def render_offer(made: Remedy, pull: PullFacts) -> str:
    """The description of the pull request that goes into the person's branch."""
    return (
        f"{clean_description(made.summary).strip()}\n\n"
        f"### What this is\n\n"
        f"A repair of what blocks #{made.parent} at {made.head[:12]} ({_who(made)}). Merging it puts one commit onto "
        f"{code(pull.head_ref)}; the council then reads it there, as a part of #{made.parent}, and therefore not here. "
        f"It is closed together with #{made.parent}, unless somebody pushed to it.\n\n"
        f"### How it was verified\n\n{_verified(made)}\n\n{_run(made)}"
    )


def render_offered(made: Remedy, number: int, replaced: Sequence[int]) -> str:
    """The word in the person's pull request."""
    instead = f" It takes the place of {', '.join(f'#{each}' for each in replaced)}." if replaced else ""
    return (
        f"#{number} repairs what blocks {made.head[:12]} ({_who(made)}): a pull request into this branch, to be "
        f"merged, changed or closed as you like.{instead}\n\n{_verified(made)}\n\n{_run(made)}"
    )


def render_patch(made: Remedy, diff: bytes) -> str:
    """The repair as a patch, for a branch that is somewhere else."""
    shown, left = _shown(diff)
    parts = [
        f"### A repair of what blocks {made.head[:12]} ({_who(made)})",
        clean_markdown(made.summary).strip(),
        f"The branch is a fork's, into which nothing is pushed from here.\n\n{_verified(made)}",
    ]
    if shown:
        parts += [
            f"<details><summary>The patch, {count(len(shown), 'file')}</summary>",
            fence("".join(shown), "diff"),
            "</details>",
            f"To take it, save it as `{_FILE}` in a clone of the branch, look at it, and run:",
            fence(f"git checkout {made.head}\ngit apply --check {_FILE}\ngit apply --index {_FILE}", "sh"),
        ]
    if left:
        named = [f"- {code(path)}: {why}" for path, why in left[:_NAMED]]
        more = [f"- and {len(left) - _NAMED} more"] if len(left) > _NAMED else []
        told = "Not shown, though the tests ran with it; make this part by hand:"
        parts.append("\n".join([told, "", *named, *more]))
    return "\n\n".join([*parts, _run(made)])


def _shown(diff: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    """Each file's part as a whole or not at all: half a patch does not apply, nor does one of which some is unseen."""
    room, shown, left = _PATCH_CHARS, [], []
    for raw, file in filewise(diff):
        text = raw.decode("utf-8", "replace")
        if text.encode() != raw or only_visible(text) != text:
            left.append((file.path, "it has characters that no page shows"))
        elif len(text) > room:
            left.append((file.path, "it is too long for a comment"))
        else:
            room -= len(text)
            shown.append(text)
    return shown, left


def _verified(made: Remedy) -> str:
    if made.test is None:
        return "- There is no test command, so nothing was run."
    test, ran = code(made.test), made.verified
    return (
        f"- {test} before: {ran.before}\n"
        f"- {test} with the repair's tests on the code before it: {ran.old_code}\n"
        f"- {test} after: {ran.after}"
    )


def _who(made: Remedy) -> str:
    return ", ".join(made.perspectives)


def _run(made: Remedy) -> str:
    return f"<sub>Run `{made.run_id}` · `quorum runs show {made.run_id}`</sub>"
