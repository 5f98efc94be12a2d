"""How people name a pull request: OWNER/REPO#NUMBER, or the address of its page."""

import re
from dataclasses import dataclass

import typer

_SHORT = re.compile(r"([A-Za-z0-9_-]{1,100}/[A-Za-z0-9._-]{1,100})#([1-9][0-9]{0,8})")
_PAGE = re.compile(
    r"(https?://[^/\s]+)/([A-Za-z0-9_-]{1,100}/[A-Za-z0-9._-]{1,100})/pull/([1-9][0-9]{0,8})(?:[/?#].*)?"
)
_FULL_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}/[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True)
class PullName:
    full_name: str
    number: int

    def __str__(self) -> str:
        return f"{self.full_name}#{self.number}"


def parse_pull(text: str, github_url: str) -> PullName:
    """Raises `BadParameter` for what is neither form, and for a page of another GitHub than the one that is set."""
    short = _SHORT.fullmatch(text)
    if short:
        return PullName(short[1], int(short[2]))
    page = _PAGE.fullmatch(text)
    if page is None:
        raise typer.BadParameter(f"{text!r} is neither OWNER/REPO#NUMBER nor the address of a pull request's page")
    if page[1].casefold() != github_url.casefold():
        raise typer.BadParameter(f"{text!r} is not on {github_url}; set QUORUM_GITHUB_URL for another GitHub")
    return PullName(page[2], int(page[3]))


def parse_repository(text: str) -> str:
    if not _FULL_NAME.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no OWNER/REPO")
    return text
