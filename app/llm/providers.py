"""From `PROVIDER:MODEL` to a model that can be asked, by that provider's own SDK.

SDKs take longer to import than everything else together, so only those that are needed are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.llm.chain import Link
from app.llm.messages import Model
from app.llm.recording import Replayed
from app.llm.refused import Place
from app.llm.scripted import Scripted
from app.settings import Settings


class Closable(Model, Protocol):
    async def close(self) -> None: ...


@dataclass(frozen=True)
class Opened:
    """`wire`: what is to be closed, where something is."""

    link: Link
    wire: Closable | None = None


def open_model(wanted: str, variable: str, settings: Settings) -> Opened:
    """Raises `ValueError` that names the setting: for a provider or a package that is not there, or a bad file."""
    kind, _, name = wanted.partition(":")
    if kind == "scripted":
        return Opened(Link(wanted, Scripted.load(Path(name))))
    if kind == "replay":
        return Opened(Link(wanted, Replayed.load(Path(name))))
    if kind not in _PROVIDERS or not name:
        kinds = ", ".join(f"`{kind}:MODEL`" for kind in _PROVIDERS)
        raise ValueError(f"{variable} is {wanted!r}; write {kinds}, `scripted:FILE` or `replay:FILE`")
    extra, make = _PROVIDERS[kind]
    try:
        model, billed_at = make(name, settings)
    except ModuleNotFoundError as error:
        told = f"{variable} is {wanted!r}, which needs a package: pip install 'quorum[{extra}]'"
        raise ValueError(told) from error
    return Opened(Link(wanted, model, name, billed_at), model)


def _anthropic(name: str, settings: Settings) -> tuple[Closable, str]:
    import anthropic

    from app.llm.anthropic import Anthropic

    base = settings.anthropic_base_url
    client = anthropic.AsyncAnthropic(
        api_key=settings.anthropic_api_key.get_secret_value() or "missing",
        base_url=base or None,
        timeout=settings.model_timeout_s,
        max_retries=0,
    )
    place = Place("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL")
    return Anthropic(name, client, place, stream=settings.model_stream), ""


def _bedrock(name: str, settings: Settings) -> tuple[Closable, str]:
    import anthropic
    import botocore  # noqa: F401 - else it is missed at the first request only

    from app.llm.anthropic import Anthropic

    client = anthropic.AsyncAnthropicBedrock(
        aws_region=settings.aws_region or None,
        base_url=settings.bedrock_base_url or None,
        timeout=settings.model_timeout_s,
        max_retries=0,
    )
    place = Place("the AWS credentials", "AWS_REGION")
    at = f"https://bedrock-runtime.{settings.aws_region or 'us-east-1'}.amazonaws.com"
    return Anthropic(name, client, place, stream=settings.model_stream, billed_at=at), at


def _vertex(name: str, settings: Settings) -> tuple[Closable, str]:
    import anthropic
    import google.auth  # noqa: F401 - else it is missed at the first request only

    from app.llm.anthropic import Anthropic

    client = anthropic.AsyncAnthropicVertex(
        region=settings.vertex_region or "global",
        project_id=settings.vertex_project or anthropic.NOT_GIVEN,
        base_url=settings.vertex_base_url or None,
        timeout=settings.model_timeout_s,
        max_retries=0,
    )
    place = Place("the Google credentials", "ANTHROPIC_VERTEX_PROJECT_ID and CLOUD_ML_REGION")
    at = "https://aiplatform.googleapis.com"
    return Anthropic(name, client, place, stream=settings.model_stream, billed_at=at), at


def _openai(name: str, settings: Settings) -> tuple[Closable, str]:
    import openai

    from app.llm.openai import OpenAI

    base = settings.openai_base_url
    client = openai.AsyncOpenAI(
        api_key=settings.openai_api_key.get_secret_value() or "missing",
        base_url=base or None,
        timeout=settings.model_timeout_s,
        max_retries=0,
    )
    place = Place("OPENAI_API_KEY", "OPENAI_BASE_URL")
    return OpenAI(name, client, place, base_url=base, stream=settings.model_stream), base


def _azure(name: str, settings: Settings) -> tuple[Closable, str]:
    import openai

    from app.llm.openai import OpenAI

    base = settings.azure_openai_endpoint
    client = openai.AsyncAzureOpenAI(
        api_key=settings.azure_openai_api_key.get_secret_value() or "missing",
        azure_endpoint=base or "https://missing.openai.azure.com",
        api_version=settings.openai_api_version,
        timeout=settings.model_timeout_s,
        max_retries=0,
    )
    place = Place("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT")
    return OpenAI(name, client, place, base_url=base, stream=settings.model_stream), base


def _gemini(name: str, settings: Settings) -> tuple[Closable, str]:
    import httpx
    from google import genai
    from google.genai import types

    from app.llm.gemini import Gemini

    base = settings.gemini_base_url
    http = httpx.AsyncClient(timeout=settings.model_timeout_s)  # a redirect would take the key along
    options = types.HttpOptions(
        base_url=base or None,
        httpx_async_client=http,
        timeout=round(settings.model_timeout_s * 1000),
        retry_options=types.HttpRetryOptions(attempts=1),
    )
    key = settings.gemini_api_key.get_secret_value() or "missing"
    client = genai.Client(vertexai=False, api_key=key, http_options=options)
    place = Place("GEMINI_API_KEY", "GEMINI_BASE_URL")
    return Gemini(name, client, http, place, base_url=base, stream=settings.model_stream), base


_PROVIDERS: dict[str, tuple[str, Callable[[str, Settings], tuple[Closable, str]]]] = {
    "anthropic": ("anthropic", _anthropic),
    "openai": ("openai", _openai),
    "azure": ("openai", _azure),
    "gemini": ("gemini", _gemini),
    "bedrock": ("bedrock", _bedrock),
    "vertex": ("vertex", _vertex),
}
"""With the extra that brings the SDK."""
