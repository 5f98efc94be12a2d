"""Tables in files of the project's own: what cannot be read says nothing."""

import json
import tomllib
from typing import Any


def read_toml(text: str) -> dict[str, Any]:
    """What is no TOML is an empty table."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # a number of too many digits is no `TOMLDecodeError`
        return {}


def read_json(text: str) -> dict[str, Any]:
    """What is no JSON object is an empty table."""
    try:
        told = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def table_at(told: Any, *keys: str) -> dict[str, Any]:
    """The table below these keys; empty where there is none."""
    for key in keys:
        told = told.get(key) if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}
