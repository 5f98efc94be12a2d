"""The message of a commit: the agent's words in the project's form, and trailers that name the run and who asked."""

import re
from collections.abc import Sequence
from textwrap import wrap

from app.forge.clean import clean_plain
from app.policy.commit_wording import word_subject
from app.workflows.task import Asker, Task
from app.workflows.texts import one_line
from app.workflows.writing import Written

_SUBJECT = 90
"""The agent's title has 72 at most; what the project's form puts before it comes on top."""


_WIDTH = 72
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+")


def render_subject(task: Task, title: str, paths: Sequence[str]) -> str:
    """Also the pull request's title: a squash makes it the commit's."""
    return one_line(clean_plain(word_subject(task.manners.style, title, paths, task.issue.labels)), _SUBJECT)


def render_message(task: Task, written: Written, run_id: str, paths: Sequence[str]) -> str:
    """No `Signed-off-by`: that is a person's word, and nobody gives it for them."""
    body = fold(clean_plain(written.summary).strip())
    subject = render_subject(task, written.title, paths)
    refers = "" if task.issue.is_pull else f"Refs #{task.issue.number}\n\n"
    return f"{subject}\n\n{body}\n\n{refers}Quorum-Run: {run_id}\n{_credit(task.asker)}\n"


def fold(text: str) -> str:
    """Lines of prose and of lists at most 72 characters wide, as git's own tools show them; what is code stays.

    https://git-scm.com/book/en/v2/Distributed-Git-Contributing-to-a-Project#_commit_guidelines
    """
    lines, fenced = list[str](), False
    for line in text.split("\n"):
        bar = _FENCE.match(line) is not None
        fenced ^= bar
        if bar or fenced or len(line) <= _WIDTH or line.startswith(("    ", "\t", "|", ">")):
            lines.append(line)
            continue
        item = _ITEM.match(line)
        lines += wrap(
            line,
            _WIDTH,
            subsequent_indent=" " * len(item[0]) if item else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def _credit(asker: Asker) -> str:
    """Who asked is credited by the address that GitHub gives to every account.

    https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
    https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
    """
    if not asker.id:
        return f"Requested-by: {asker.login}"
    return f"Co-authored-by: {asker.login} <{asker.id}+{asker.login}@users.noreply.github.com>"
