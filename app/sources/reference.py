"""The page of settings, made from their definitions."""

import inspect
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from app.sources.faults import variables_of

_KINDS = {bool: "yes or no", int: "whole number", float: "number", str: "text", SecretStr: "secret text", Path: "path"}


def render_reference(fields: Mapping[str, FieldInfo], restart: Collection[str]) -> str:
    """Markdown. `restart` names what a running Quorum does not take up."""
    return "\n".join([_HEAD, *(_section(name, field, name in restart) for name, field in fields.items())])


def _section(name: str, field: FieldInfo, restart: bool) -> str:
    told = inspect.cleandoc(field.description or "").replace("\n", " ")
    lines = [
        f"## `{name}`\n",
        f"{told}\n",
        f"- Environment: {' or '.join(f'`{each}`' for each in _variables(name, field))}",
    ]
    lines.append(f"- Kind: {_kind(field.annotation)}; default: {_default(field)}")
    lines.append(f"- A change counts {'after a restart' if restart else 'without a restart'}\n")
    return "\n".join(lines)


def _variables(name: str, field: FieldInfo) -> list[str]:
    return variables_of(name, field)


def _kind(annotation: Any) -> str:
    if annotation in _KINDS:
        return _KINDS[annotation]
    if get_origin(annotation) is dict:
        return "table"
    if annotation == float | None:
        return "number"
    return "path" if annotation == Path | None else f"`{annotation}`".replace("pathlib.", "")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value in (None, "", ()) or isinstance(value, SecretStr):
        return "none"
    return f"`{value if isinstance(value, str | Path) else json.dumps(value)}`"


_HEAD = """\
# Settings

This page is printed by `quorum config settings` from the definitions in the code.

A setting is taken from the first of these places that has it:

1. the command line of `quorum serve` and `quorum worker`: `--set port=9000`, not for secrets;
2. the environment: the variable that is named below;
3. a file in `/run/secrets` that is named like the variable, in any case: what Docker and Kubernetes mount;
4. the file of settings, TOML with one key a setting: the file that `QUORUM_CONFIG` names, else `quorum.toml` in the
   data folder (`~/.local/share/quorum`, or what `QUORUM_DATA_DIR` names). `QUORUM_CONFIG=` reads none. `quorum setup`
   writes it;
5. the default.

The file is looked at every three seconds while Quorum runs. One that changed, is right and stays the same for two looks
takes effect: runs in progress are put back and go on where they were. One that is wrong, or gone, changes nothing: the
log and `quorum doctor` tell the file, the line and the setting. Should the worker of `quorum serve` die meanwhile, the
next one begins with the file as it was, of which the data folder has a copy. Whoever starts `quorum serve` or `quorum
worker` with a wrong file is refused and told why. Settings of which it is said below count after a restart, which the
log asks for.
"""
