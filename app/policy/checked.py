"""A finding with what Quorum itself found out about it. No reviewer can say any of this."""

from app.policy.finding import Finding
from app.policy.proof import Proof, Ran
from app.policy.values import Json

_FILE_CHARS = 3000
"""Of a proof's file that are shown; GitHub takes 65,536 in a comment, for everything."""


class Checked(Finding):
    """`proof` was run, with the result `ran`. `offer` says what is known of the suggestion, or why there is none.

    `removed`: first and last line of the old file, if it is about lines that are gone; then its own lines stand beside.
    """

    proof: Proof | None = None
    ran: Ran | None = None
    offer: str = ""
    removed: tuple[int, int] | None = None


_OWN = frozenset(Checked.model_fields) - frozenset(Finding.model_fields)


def read_finding(value: Json) -> Finding:
    """As it was kept: with what Quorum found out about it, if it found out anything."""
    return (Checked if _OWN & value.keys() else Finding).model_validate(value)


def checked(finding: Finding, **known: object) -> Checked:
    """The same finding, with what is known besides; what was known before stays."""
    return Checked.model_validate({**finding.model_dump(), **known})


def commented_on(finding: Finding) -> tuple[str, int, int]:
    """Side, first and last line of its comment, as GitHub names them.

    https://docs.github.com/en/rest/pulls/comments#create-a-review-comment-for-a-pull-request
    """
    if isinstance(finding, Checked) and finding.removed is not None:
        return "LEFT", *finding.removed
    return "RIGHT", finding.start_line, finding.end_line


def is_shown(finding: Finding) -> bool:
    """Whether its fault was seen when something was run."""
    return isinstance(finding, Checked) and finding.ran is not None and finding.ran.shown


def proof_told(finding: Finding) -> str:
    """The command, the end of what it printed and the files it needs, as plain text; empty if nothing was shown."""
    if not isinstance(finding, Checked) or finding.proof is None or finding.ran is None or not finding.ran.shown:
        return ""
    proof, ran = finding.proof, finding.ran
    told = [f"$ {proof.command}", ran.output.strip("\n") or "(no output)", f"[exit code {ran.exit_code}]"]
    files = [f"\nWith {each.path}:\n\n{_cut(each.text.rstrip())}" for each in proof.files]
    return "\n".join([*told, *files])


def _cut(text: str) -> str:
    return text if len(text) <= _FILE_CHARS else f"{text[:_FILE_CHARS]}\n…"
