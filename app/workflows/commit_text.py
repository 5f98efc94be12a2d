"""The message of a commit: the agent's words in the project's form, and trailers that name the run and who asked."""

from collections.abc import Sequence

from app.forge.clean import clean_plain
from app.policy.commit_wording import word_subject
from app.workflows.task import Asker, Task
from app.workflows.texts import one_line
from app.workflows.writing import Written

_SUBJECT = 90
"""The agent's title has 72 at most; what the project's form puts before it comes on top."""


def render_subject(task: Task, title: str, paths: Sequence[str]) -> str:
    """Also the pull request's title: a squash makes it the commit's."""
    return one_line(clean_plain(word_subject(task.manners.style, title, paths, task.issue.labels)), _SUBJECT)


def render_message(task: Task, written: Written, run_id: str, paths: Sequence[str]) -> str:
    """No `Signed-off-by`: that is a person's word, and nobody gives it for them."""
    body = clean_plain(written.summary).strip()
    subject = render_subject(task, written.title, paths)
    return f"{subject}\n\n{body}\n\nQuorum-Run: {run_id}\n{_credit(task.asker)}\n"


def _credit(asker: Asker) -> str:
    """Who asked is credited by the address that GitHub gives to every account.

    https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address
    https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors
    """
    if not asker.id:
        return f"Requested-by: {asker.login}"
    return f"Co-authored-by: {asker.login} <{asker.id}+{asker.login}@users.noreply.github.com>"
