"""`quorum doctor`: what is missing on this machine, and the command that mends it."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import typer

from app.settings import Settings

Check = tuple[str, Callable[[Settings], str | None]]


def doctor() -> None:
    """Check this machine and the settings; exit with 1 when something is missing."""
    settings = Settings()
    missing = 0
    for name, look in _CHECKS:
        problem = look(settings)
        missing += problem is not None
        print(f"{'ok     ' if problem is None else 'MISSING'}  {name}{'' if problem is None else ': ' + problem}")
    raise typer.Exit(1 if missing else 0)


def _git(_settings: Settings) -> str | None:
    return None if shutil.which("git") else "install it: `apt-get install git`"


def _data(settings: Settings) -> str | None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            return None
    except OSError as error:
        return f"{settings.data_dir} cannot be written ({error}); set QUORUM_DATA_DIR to a folder that can"


def _sandbox(settings: Settings) -> str | None:
    from app.sandbox.bubblewrap import Bubblewrap
    from app.sandbox.errors import SandboxError
    from app.sandbox.selftest import require

    try:
        asyncio.run(require(Bubblewrap(settings.toolchains)))
    except SandboxError as error:
        return str(error)
    return None


def _database(settings: Settings) -> str | None:
    from app.store.engine import migrate, open_database

    async def connect() -> None:
        engine = open_database(settings.database_url)
        try:
            await migrate(engine)
        finally:
            await engine.dispose()

    try:
        asyncio.run(connect())
    except Exception as error:
        return f"it does not answer ({type(error).__name__}); see QUORUM_DATABASE_URL"
    return None


def _key(settings: Settings) -> str | None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if settings.private_key_file is None or not settings.app_id:
        return "set QUORUM_APP_ID and QUORUM_PRIVATE_KEY_FILE, both from the App's settings on GitHub"
    path: Path = settings.private_key_file
    try:
        load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        return f"{path} is no private key ({type(error).__name__}); download one from the App's settings"
    return f"others can read it; run `chmod 600 {path}`" if path.stat().st_mode & 0o077 else None


def _secret(settings: Settings) -> str | None:
    return (
        None if settings.webhook_secret.get_secret_value() else "set QUORUM_WEBHOOK_SECRET to the App's webhook secret"
    )


def _model(settings: Settings) -> str | None:
    if settings.has_model:
        return None
    return f"set {settings.model.partition(':')[0].upper()}_API_KEY, or QUORUM_MODEL to another model"


_CHECKS: list[Check] = [
    ("git", _git),
    ("data folder", _data),
    ("sandbox", _sandbox),
    ("database", _database),
    ("App credentials", _key),
    ("webhook secret", _secret),
    ("model", _model),
]
