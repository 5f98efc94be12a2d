"""Reading a file that people write: one plain YAML document into one model, or the first fault of it with its place."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.policy.config_faults import first_fault
from app.policy.errors import PolicyError
from app.policy.yaml_tree import read_tree

_Model = TypeVar("_Model", bound=BaseModel)


def parse_document(model: type[_Model], text: str, see: str, context: Mapping[str, Any] | None = None) -> _Model:
    """An empty file gives the defaults. Raises `PolicyError` for the first fault; `see` says what may stand there.

    `context`: what else the model must know, as pydantic hands it to validators.
    """
    tree = read_tree(text)
    if tree.value is not None and not isinstance(tree.value, dict):
        place = tree.place(())
        raise PolicyError(place.line, place.column, "the file is not a mapping", "Write `key: value` lines.")
    try:
        return model.model_validate(tree.value or {}, context=context)
    except ValidationError as error:
        raise first_fault(model, error, tree, see) from error
