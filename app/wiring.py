"""The composition root: settings in, everything a workflow needs out, closed again in the reverse order."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.agents.roles import names_of
from app.forge.api import Forge
from app.forge.mirrors import Mirrors
from app.llm.by_role import ByRole
from app.llm.messages import Model, Request
from app.llm.opening import open_models
from app.llm.scripted import Script, Scripted
from app.llm.table import check_table
from app.policy.values import MicroUsd
from app.sandbox.analyzers.catalog import installed
from app.sandbox.apart.client import SandboxClient
from app.sandbox.box import Box, Limits, Prepared, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.selftest import require
from app.settings import Settings
from app.store.engine import open_database
from app.telemetry import register_secret

_NOBODY = Scripted(Script(label="nobody", conversations=[]))
_ONLY_LOOKS = SandboxUnavailableError("this process only looks", "Ask `quorum worker` instead.")
_ONLY_READS = SandboxUnavailableError(
    "nothing of this change is executed here, it is only read", "Nothing is to be done."
)

log = structlog.get_logger()


def _nothing(_request: Request) -> MicroUsd:
    return MicroUsd(0)


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
    most: Callable[[Request], MicroUsd] = _nothing
    """What an answer may cost at most."""

    @property
    def prepared(self) -> Path:
        """Where what projects' set-ups left is kept, beside the work trees."""
        return self.worktrees.with_name("prepared")


@asynccontextmanager
async def open_services(settings: Settings, *, only_looks: bool = False) -> AsyncIterator[Services]:
    """Open everything. Raises `ValueError` for a setting that is missing, with what to do.

    `only_looks`: nothing is executed and no model is asked, so that neither a sandbox nor a key for one is needed.
    """
    key_file = settings.private_key_file
    if key_file is None or not settings.app_id:
        raise ValueError("set QUORUM_APP_ID and QUORUM_PRIVATE_KEY_FILE; the App's settings on GitHub have both")
    private_key = await asyncio.to_thread(key_file.read_text)
    register_secrets(settings)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30.0, trust_env=False))
        database = open_database(settings.database_url)
        stack.push_async_callback(database.dispose)
        forge = Forge(settings, client, private_key, write_gap_s=settings.write_gap_s)
        model = _NOBODY if only_looks else _model(settings, stack)
        yield Services(
            settings=settings,
            database=database,
            forge=forge,
            mirrors=Mirrors(settings.data_dir / "mirrors", forge),
            box=_Refusing(_ONLY_LOOKS) if only_looks else await _box(settings),
            model=model,
            worktrees=settings.data_dir / "worktrees",
            analyzers=installed(),
            most=model.most if isinstance(model, ByRole) else _nothing,
        )


@asynccontextmanager
async def open_council(settings: Settings, *, executes: bool = True) -> AsyncIterator[tuple[Box, Model]]:
    """What a council works with, and nothing else: no database, no GitHub. Raises `ValueError` as `open_services`.

    `executes` False: the box refuses whatever is asked of it.
    """
    register_secrets(settings)
    async with AsyncExitStack() as stack:
        model = _model(settings, stack)
        yield await open_sandbox(settings, executes=executes), model


async def open_sandbox(settings: Settings, *, executes: bool = True) -> Box:
    """Where analyzers look at code and no model is asked. It refuses, and says why, where isolation was not shown.

    `executes` False: it refuses whatever is asked of it.
    """
    return await _proven(_sandbox(settings)) if executes else _Refusing(_ONLY_READS)


def _model(settings: Settings, stack: AsyncExitStack) -> Model:
    return open_models(settings, names_of("perspectives"), stack)


def check_models(settings: Settings) -> None:
    """Raises `ValueError` for a table of models that cannot be used, with the setting; nothing is asked."""
    check_table(settings.models, names_of("perspectives"))


def _sandbox(settings: Settings) -> Bubblewrap:
    return Bubblewrap(settings.toolchains, packages=Path(sys.prefix))


def register_secrets(settings: Settings) -> None:
    """From now on none of them shows in what is logged or redacted."""
    keys = (settings.anthropic_api_key, settings.openai_api_key, settings.azure_openai_api_key, settings.gemini_api_key)
    for secret in (settings.webhook_secret, settings.relay_url, *keys):
        register_secret(secret.get_secret_value())


async def _box(settings: Settings) -> Box:
    """Where a worker's commands run."""
    if settings.sandbox_socket is None:
        return await _proven(_sandbox(settings))
    box = SandboxClient(settings.sandbox_socket)
    try:
        await box.prove()
        await box.look_at(settings.data_dir / "worktrees")
    except (SandboxUnavailableError, OSError) as error:
        # It refuses by itself what it has not shown, and is asked anew each time.
        log.critical("nothing will be executed until the sandbox answers well", error=str(error))
    return box


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
        prepared: Prepared | None = None,
    ) -> Result:
        del argv, worktree, limits, stdin, env, writable, prepared
        raise self._error
