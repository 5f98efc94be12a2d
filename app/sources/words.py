"""Settings on the command line: `--set NAME=VALUE`."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from app.sources.file import SettingsError

_PASSWORD = re.compile(r"://[^/\s@]*:[^/\s@]+@")
"""https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1."""


def parse_words(words: Sequence[str], secret: Mapping[str, bool]) -> dict[str, Any]:
    """What `--set` was given, by setting. `secret` names every setting, and whether it is one that nobody may see.

    A value is TOML where it can be read as such, else plain text: `port=9000`, `model=openai:gpt-5.1`,
    `toolchains=["/opt/node"]`. Raises `SettingsError` for what is no setting, and for a secret or an address with a
    password: everybody on the machine can read command lines.
    """
    found: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in secret:
            told = f"--set {name if equals else '...'}: write --set NAME=VALUE"
            raise SettingsError(f"{told}; `quorum config settings` lists the names")
        if secret[name] or _PASSWORD.search(value):
            told = f"--set {name}: others can read command lines; put it into the file of settings or the environment"
            raise SettingsError(told)
        found[name] = _value(value)
    return found


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
