"""Settings that are more than a word: tables, JSON in the environment and of its own in a file; paths that may miss."""

import json
from typing import Any


def path_or_none(value: Any) -> Any:
    """Nothing, where nothing is written: an empty path would be the folder that a process happens to be in."""
    return None if value == "" else value


def from_json(value: Any) -> Any:
    """Of the environment; a file of settings has tables of its own."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"write JSON: {error}") from error


def rows_from_json(value: Any) -> Any:
    """A row of one model need not be written as a list."""
    found = from_json(value)
    if not isinstance(found, dict):
        return found
    return {row: (models,) if isinstance(models, str) else models for row, models in found.items()}
