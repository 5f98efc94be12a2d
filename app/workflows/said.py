"""What was said in an issue, as agents are told it."""

from collections.abc import Iterable

from app.forge.read import CommentFacts, IssueFacts

QUESTIONS = "questions"
"""With this the key begins that hides in a comment in which we asked something."""


def voices(said: Iterable[tuple[str, str]]) -> str:
    """Logins and what each said. Only a login stands at the margin, so that nobody puts words into another's mouth."""
    return "\n\n".join("\n  ".join(f"@{login}: {text}".splitlines()) for login, text in said)


def said_below(issue: IssueFacts) -> str:
    """What people wrote below it, each under their name, and what we asked there: an answer needs its question."""
    return voices(
        (comment.author, comment.body)
        for comment in issue.comments
        if comment.author_type == "User" or _is_question(comment)
    )


def all_said(issue: IssueFacts) -> str:
    """The issue itself, and what was said below it."""
    return f"#{issue.number} of @{issue.author}: {issue.title}\n\n{issue.body}\n\n{said_below(issue)}".strip()


def _is_question(comment: CommentFacts) -> bool:
    """That another bot may look like us does no harm: what is told here is data."""
    return comment.author_type == "Bot" and f"<!-- quorum:{QUESTIONS}-" in comment.body
