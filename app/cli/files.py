"""Files that people write, read for a command: what is wrong is told as FILE:LINE:COLUMN with a remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from app.policy.errors import PolicyError

_Read = TypeVar("_Read")


def parse_file(file: Path, parse: Callable[[str], _Read], code: int = 1) -> _Read:
    """What `parse` makes of the file. Else the command ends with `code`, having told the first fault."""
    try:
        return parse(read_text(file, code))
    except PolicyError as error:
        fail(f"{error.path or file}:{error.line}:{error.column}: {error.message}", error.remedy, code)


def read_text(file: Path, code: int = 1) -> str:
    """The file's text; a byte order mark is left out."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        fail(f"{file}: there is no such file", "Name one that is there, from the folder where you are.", code)
    except OSError as error:
        fail(f"{file}: it cannot be read: {error.strerror}", "Name a file that you may read.", code)
    except UnicodeDecodeError as error:
        fail(f"{file}: byte {error.start} is not UTF-8", "Save the file as UTF-8.", code)


def fail(message: str, remedy: str, code: int = 1) -> NoReturn:
    """End the command with words on standard error."""
    typer.echo(message, err=True)
    typer.echo(f"  {remedy}", err=True)
    raise typer.Exit(code)
