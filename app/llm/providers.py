"""From `PROVIDER:MODEL` to a model that can be asked, by that provider's own SDK.

SDKs take longer to import than everything else together, so only those that are needed are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

from app.llm.chain import Link
from app.llm.messages import Model
from app.llm.recording import Replayed
from app.llm.refused import Place
from app.llm.scripted import Scripted
from app.settings import Settings

_NAME_CHARS = 100
"""What the records of verdicts and calls have room for."""


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
    if len(name) > _NAME_CHARS:
        raise ValueError(
            f"{variable} is {wanted!r}, which is longer than the {_NAME_CHARS} characters that are kept of it"
        )
    extra, make = _PROVIDERS[kind]
    try:
        model, billed_at = make(name, settings)
    except ModuleNotFoundError as error:
        told = f"{variable} is {wanted!r}, which needs a package: pip install 'quorum[{extra}]'"
        raise ValueError(told) from error
    return Opened(Link(wanted, model, name, billed_at), model)


def _anthropic(name: str, settings: Settings) -> tuple[Closable, str]:
    import anthropic

    options = {"api_key": _key(settings.anthropic_api_key), "base_url": settings.anthropic_base_url or None}
    place = Place("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL")
    return _claude(name, settings, place, anthropic.AsyncAnthropic, options)


def _bedrock(name: str, settings: Settings) -> tuple[Closable, str]:
    import anthropic
    import botocore  # noqa: F401 - else it is missed at the first request only

    options = {"aws_region": settings.aws_region or None, "base_url": settings.bedrock_base_url or None}
    place = Place("the AWS credentials", "AWS_REGION")
    at = f"https://bedrock-runtime.{settings.aws_region or 'us-east-1'}.amazonaws.com"
    return _claude(name, settings, place, anthropic.AsyncAnthropicBedrock, options, at)


def _vertex(name: str, settings: Settings) -> tuple[Closable, str]:
    import anthropic
    import google.auth  # noqa: F401 - else it is missed at the first request only

    project = settings.vertex_project or anthropic.NOT_GIVEN
    region, base = settings.vertex_region or "global", settings.vertex_base_url or None
    options = {"region": region, "project_id": project, "base_url": base}
    place = Place("the Google credentials", "ANTHROPIC_VERTEX_PROJECT_ID and CLOUD_ML_REGION")
    at = "https://aiplatform.googleapis.com"
    return _claude(name, settings, place, anthropic.AsyncAnthropicVertex, options, at)


def _claude(
    name: str, settings: Settings, place: Place, client: Any, options: Mapping[str, object], at: str = ""
) -> tuple[Closable, str]:
    """`at`: whose prices hold, if not Anthropic's own."""
    import anthropic

    from app.llm.anthropic import Anthropic

    http = anthropic.DefaultAsyncHttpxClient(follow_redirects=False)  # a redirect would take the key along
    made = client(**options, timeout=settings.model_timeout_s, max_retries=0, http_client=http)
    return Anthropic(name, made, place, stream=settings.model_stream, billed_at=at), at


def _openai(name: str, settings: Settings) -> tuple[Closable, str]:
    import openai

    base = settings.openai_base_url
    options = {"api_key": _key(settings.openai_api_key), "base_url": base or None}
    return _chat(name, settings, Place("OPENAI_API_KEY", "OPENAI_BASE_URL"), openai.AsyncOpenAI, options, base)


def _azure(name: str, settings: Settings) -> tuple[Closable, str]:
    import openai

    base = settings.azure_openai_endpoint
    options = {"api_key": _key(settings.azure_openai_api_key), "api_version": settings.openai_api_version}
    options["azure_endpoint"] = base or "https://missing.openai.azure.com"
    place = Place("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT")
    return _chat(name, settings, place, openai.AsyncAzureOpenAI, options, base)


def _chat(
    name: str, settings: Settings, place: Place, client: Any, options: Mapping[str, object], base: str
) -> tuple[Closable, str]:
    import openai

    from app.llm.openai import OpenAI

    http = openai.DefaultAsyncHttpxClient(follow_redirects=False)  # a redirect would take the key along
    made = client(**options, timeout=settings.model_timeout_s, max_retries=0, http_client=http)
    return OpenAI(name, made, place, base_url=base, stream=settings.model_stream), base


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
    client = genai.Client(vertexai=False, api_key=_key(settings.gemini_api_key), http_options=options)
    place = Place("GEMINI_API_KEY", "GEMINI_BASE_URL")
    return Gemini(name, client, http, place, base_url=base, stream=settings.model_stream), base


def _key(secret: SecretStr) -> str:
    """Without the end of line that a key from a file often has, which no header can hold."""
    return secret.get_secret_value().strip() or "missing"


_PROVIDERS: dict[str, tuple[str, Callable[[str, Settings], tuple[Closable, str]]]] = {
    "anthropic": ("anthropic", _anthropic),
    "openai": ("openai", _openai),
    "azure": ("openai", _azure),
    "gemini": ("gemini", _gemini),
    "bedrock": ("bedrock", _bedrock),
    "vertex": ("vertex", _vertex),
}
"""With the extra that brings the SDK."""
