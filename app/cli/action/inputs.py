"""What a workflow hands to the action under `with:`, as `action.yml` passes it on. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from app.policy.finding import Severity

_PREFIX = "QUORUM_INPUT_"
_PROVIDERS = (
    *("model", "anthropic_api_key", "openai_api_key", "openai_base_url", "gemini_api_key"),
    *("azure_openai_api_key", "azure_openai_endpoint"),
)
"""Inputs that are settings of the same name."""


class Post(StrEnum):
    """Where findings are shown, beside the job's summary, which always tells all."""

    CHECKS = "checks"
    REVIEW = "review"
    COMMENT = "comment"
    ANNOTATIONS = "annotations"


def _listed(value: object) -> object:
    """Names in one text, parted by commas or white space."""
    return tuple(dict.fromkeys(re.split(r"[\s,]+", value.strip()))) if isinstance(value, str) else value


def _places(value: object) -> object:
    return () if value == "none" else _listed(value)


class Inputs(BaseModel):
    """Each is an input of `action/action.yml`, there with `-` for `_`. One that is empty is as if it was not there."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    mode: Literal["review", "solve"] = "review"
    github_token: SecretStr = SecretStr("")
    model: str = ""
    anthropic_api_key: SecretStr = SecretStr("")
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    gemini_api_key: SecretStr = SecretStr("")
    azure_openai_api_key: SecretStr = SecretStr("")
    azure_openai_endpoint: str = ""
    perspectives: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    fail_on: Severity | Literal["never"] = Severity.MAJOR
    post: Annotated[tuple[Post, ...], BeforeValidator(_places)] = (Post.CHECKS,)
    budget_usd: Annotated[Decimal, Field(gt=0, le=1000, decimal_places=6)] | None = None
    sarif_file: str = ""
    keep_reviews: bool = False

    @property
    def secrets(self) -> list[str]:
        return [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]

    @property
    def providers(self) -> dict[str, str]:
        """Settings by which a model is reached; those that are not given are left out."""
        told = ((name, getattr(self, name)) for name in _PROVIDERS)
        plain = {name: each.get_secret_value() if isinstance(each, SecretStr) else each for name, each in told}
        return {name: value for name, value in plain.items() if value}


def read_inputs(environ: Mapping[str, str]) -> Inputs:
    """Raises `ValueError` that names the input and what it takes."""
    given = {
        name.removeprefix(_PREFIX).lower(): value.strip()
        for name, value in environ.items()
        if name.startswith(_PREFIX) and value.strip()
    }
    try:
        return Inputs.model_validate(given)
    except ValidationError as error:
        raise ValueError("; ".join(_fault(each) for each in error.errors(include_url=False))) from None


def _fault(fault: Any) -> str:
    """The value is not told: it may be a secret that was put into the wrong place."""
    name = str(fault["loc"][0]).replace("_", "-")
    return f"the input `{name}` cannot be used: {fault['msg']}"
