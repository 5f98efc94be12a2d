"""What is wrong with settings, in the words of who set them: each fault names its setting and where it stands."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo

from app.sources.file import place_of, settings_file


def explain(error: ValidationError, fields: Mapping[str, FieldInfo], words: Mapping[str, Any]) -> str:
    """All faults in one line. `words` are the settings of the command line."""
    file = settings_file(words.get("data_dir"))
    return "; ".join(_told(each, fields, words, file) for each in error.errors(include_url=False, include_input=False))


def _told(fault: Any, fields: Mapping[str, FieldInfo], words: Collection[str], file: Path | None) -> str:
    told = str(fault["msg"]).removeprefix("Value error, ")
    if not fault["loc"]:
        return told
    first = str(fault["loc"][0])
    name = next((field for field, info in fields.items() if first in {field, *variables_of(field, info)}), first)
    return f"{_source(name, fields, words, file)}: {told}"


def _source(name: str, fields: Mapping[str, FieldInfo], words: Collection[str], file: Path | None) -> str:
    if name in words:
        return f"--set {name}"
    variables = variables_of(name, fields.get(name))
    held = {each.upper() for each in os.environ}
    for variable in variables:
        if variable in held:
            return f"{name} (environment variable {variable})"
    return f"{name} ({place_of(file, name)})" if file is not None else f"{name} ({variables[0]})"


def variables_of(name: str, field: FieldInfo | None) -> list[str]:
    """The environment variables that set it, the one that counts first."""
    alias = None if field is None else field.validation_alias
    if isinstance(alias, AliasChoices):
        return [each for each in alias.choices if isinstance(each, str)]
    return [alias] if isinstance(alias, str) else [f"QUORUM_{name.upper()}"]
