"""The composition root: settings in, everything a workflow needs out, closed again in the reverse order."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.agents.light import ROLE as LIGHT
from app.forge.api import Forge
from app.forge.git import Mirrors
from app.llm.by_role import ByRole
from app.llm.gateway import Gateway
from app.llm.messages import Model
from app.llm.scripted import Script, Scripted
from app.sandbox.analyzers.catalog import installed
from app.sandbox.box import Box, Limits, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.selftest import require
from app.settings import Settings
from app.store.engine import open_database
from app.telemetry import register_secret

_DEADLINE_S = 900.0
"""How long all tries for one answer may take; longer only where a single one may take longer."""
_NOBODY = Scripted(Script(label="nobody", conversations=[]))
_ONLY_LOOKS = SandboxUnavailableError("this process only looks", "Ask `quorum worker` instead.")

log = structlog.get_logger()


@dataclass(frozen=True)
class Services:
    """What the outside offers, opened once for a worker process."""

    settings: Settings
    database: AsyncEngine
    forge: Forge
    mirrors: Mirrors
    box: Box
    model: Model
    worktrees: Path
    analyzers: tuple[str, ...] = ()
    """Those of the catalog that the sandbox has."""


@asynccontextmanager
async def open_services(settings: Settings, *, only_looks: bool = False) -> AsyncIterator[Services]:
    """Open everything. Raises `ValueError` for a setting that is missing, with what to do.

    `only_looks`: nothing is executed and no model is asked, so that neither a sandbox nor a key for one is needed.
    """
    key_file = settings.private_key_file
    if key_file is None or not settings.app_id:
        raise ValueError("set QUORUM_APP_ID and QUORUM_PRIVATE_KEY_FILE; the App's settings on GitHub have both")
    private_key = await asyncio.to_thread(key_file.read_text)
    _register_secrets(settings)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30.0, trust_env=False))
        database = open_database(settings.database_url)
        stack.push_async_callback(database.dispose)
        forge = Forge(settings, client, private_key, write_gap_s=settings.write_gap_s)
        yield Services(
            settings=settings,
            database=database,
            forge=forge,
            mirrors=Mirrors(settings.data_dir / "mirrors", forge),
            box=_Refusing(_ONLY_LOOKS) if only_looks else await _proven(_sandbox(settings)),
            model=_gateway(settings, _NOBODY if only_looks else _model(settings, stack)),
            worktrees=settings.data_dir / "worktrees",
            analyzers=installed(),
        )


@asynccontextmanager
async def open_council(settings: Settings) -> AsyncIterator[tuple[Box, Model]]:
    """What a council works with, and nothing else: no database, no GitHub. Raises `ValueError` as `open_services`."""
    _register_secrets(settings)
    async with AsyncExitStack() as stack:
        model = _gateway(settings, _model(settings, stack))
        yield await _proven(_sandbox(settings)), model


async def open_sandbox(settings: Settings) -> Box:
    """Where analyzers look at code and no model is asked. It refuses, and says why, where isolation was not shown."""
    return await _proven(_sandbox(settings))


def _gateway(settings: Settings, model: Model) -> Gateway:
    return Gateway(model, deadline_s=max(_DEADLINE_S, settings.model_timeout_s))


def _sandbox(settings: Settings) -> Bubblewrap:
    return Bubblewrap(settings.toolchains, packages=Path(sys.prefix))


def _register_secrets(settings: Settings) -> None:
    for secret in (settings.webhook_secret, settings.anthropic_api_key, settings.openai_api_key):
        register_secret(secret.get_secret_value())


def _model(settings: Settings, stack: AsyncExitStack) -> Model:
    usual = _named(settings.model, "QUORUM_MODEL", settings, stack)
    if not settings.light_model:
        return usual
    return ByRole(usual, {LIGHT: _named(settings.light_model, "QUORUM_LIGHT_MODEL", settings, stack)})


def _named(wanted: str, variable: str, settings: Settings, stack: AsyncExitStack) -> Model:
    """SDKs take longer to import than everything else together, so only the one that is needed is."""
    kind, _, name = wanted.partition(":")
    if kind == "scripted":
        return Scripted.load(Path(name))
    if kind == "anthropic" and name:
        from app.llm.anthropic import Anthropic

        key, base = settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url
        claude = Anthropic(name, api_key=key, base_url=base, timeout_s=settings.model_timeout_s)
        stack.push_async_callback(claude.close)
        return claude
    if kind == "openai" and name:
        try:
            from app.llm.openai import OpenAI
        except ModuleNotFoundError as error:
            told = f"{variable} is {wanted!r}, which needs a package: pip install 'quorum[openai]'"
            raise ValueError(told) from error

        key, base = settings.openai_api_key.get_secret_value(), settings.openai_base_url
        other = OpenAI(name, api_key=key, base_url=base, timeout_s=settings.model_timeout_s)
        stack.push_async_callback(other.close)
        return other
    raise ValueError(f"{variable} is {wanted!r}; write `anthropic:MODEL`, `openai:MODEL` or `scripted:FILE`")


async def _proven(box: Box) -> Box:
    """A box whose isolation was shown now; else one that runs nothing and says why. Never one that was not shown."""
    try:
        await require(box)
    except SandboxUnavailableError as error:
        log.critical("nothing will be executed", error=str(error))
        return _Refusing(error)
    return box


class _Refusing:
    def __init__(self, error: SandboxUnavailableError) -> None:
        self._error = error

    async def run(
        self,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: bool = True,
    ) -> Result:
        del argv, worktree, limits, stdin, env, writable
        raise self._error
