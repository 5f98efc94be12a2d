"""What is on this machine: programs, folders, files and the sandbox."""

import os
import shutil
from pathlib import Path

from app.cli.checkup.found import Found, failed, fine, warned
from app.settings import SECRETS, Settings
from app.sources.file import settings_file

_GROUP, _OTHERS = 0o070, 0o007
_ROOM_BYTES = 1024**3
"""A mirror and a work tree of a middling repository."""
_SECRET_CHARACTERS = 16
"""64 bits in hexadecimal digits; `quorum setup` makes 40 of them."""


def look_at_git() -> Found:
    return fine("git") if shutil.which("git") else failed("git", "it is missing", "install it: `apt-get install git`")


def look_at_data(settings: Settings) -> Found:
    """It is not made here: a wrong QUORUM_DATA_DIR would then look like a right one."""
    folder = settings.data_dir
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return failed("data folder", f"{there} cannot be written", "set QUORUM_DATA_DIR to a folder that can")
    if there != folder:
        return fine("data folder", f"{folder} is not there yet; `quorum serve` makes it")
    if folder.stat().st_mode & _OTHERS:
        told = f"everybody on this machine can look into {folder}, where code and messages lie"
        return warned("data folder", told, f"run `chmod 700 {folder}`")
    free = shutil.disk_usage(folder).free
    if free < _ROOM_BYTES:
        told = f"{folder} has {free / 1024**2:.0f} MB left; runs stop where mirrors and work trees find no room"
        return warned("data folder", told, "make room, or remove mirrors while nothing runs: they are fetched again")
    return fine("data folder", str(folder))


def look_at_file() -> Found:
    """The file of settings may hold secrets. That it can be read was seen when the settings were."""
    path = settings_file()
    if path is None:
        return fine("settings", "no file; defaults and the environment")
    if _is_open(path):
        return warned("settings", f"others can read {path}", f"run `chmod 600 {path}`, or keep secrets elsewhere")
    return fine("settings", str(path))


def look_at_key(settings: Settings) -> Found:
    if settings.private_key_file is None or not settings.app_id:
        remedy = "run `quorum setup`, which makes the App, or set QUORUM_APP_ID and QUORUM_PRIVATE_KEY_FILE"
        return failed("App credentials", "there are none", remedy)
    try:
        settings.require_credentials()
    except (ValueError, OSError) as error:
        return failed("App credentials", str(error), "mend that, or run `quorum setup`, which makes an App")
    path = settings.private_key_file
    if _is_open(path):
        return warned("App credentials", f"others can read {path}", f"run `chmod 600 {path}`")
    return fine("App credentials", f"App {settings.app_id}")


def _is_open(path: Path) -> bool:
    """Whether others can read it. What a container's engine mounted is nobody else's, and cannot be changed."""
    return not path.is_relative_to(SECRETS) and bool(path.stat().st_mode & (_GROUP | _OTHERS))


def look_at_secret(settings: Settings) -> Found:
    """Whoever has one webhook can try secrets against its signature, as fast as they like."""
    if secret := settings.webhook_secret.get_secret_value():
        if len(secret) >= _SECRET_CHARACTERS:
            return fine("webhook secret")
        remedy = "set what `openssl rand -hex 20` prints, in the App's settings and as QUORUM_WEBHOOK_SECRET"
        return warned("webhook secret", f"it has {len(secret)} characters and could be guessed", remedy)
    if settings.health_port:
        return fine("webhook secret", "not here: this is a worker of its own, and the web server has it")
    remedy = "set QUORUM_WEBHOOK_SECRET to the one in the App's settings"
    return failed(
        "webhook secret", "it is not set", remedy if settings.app_id else "`quorum setup` sets it with the App"
    )


async def look_at_sandbox(settings: Settings) -> Found:
    """Isolation is shown by trying it."""
    from app.sandbox.bubblewrap import Bubblewrap
    from app.sandbox.errors import SandboxError
    from app.sandbox.selftest import require

    try:
        await require(Bubblewrap(settings.toolchains))
    except SandboxError as error:
        return failed("sandbox", str(error), "nothing will be executed until then")
    return fine("sandbox")
