"""What is on this machine: programs, folders, files and the sandbox."""

import shutil
import tempfile

from app.cli.checkup.found import Found, failed, fine, warned
from app.settings import Settings
from app.sources.file import settings_file


def look_at_git() -> Found:
    return fine("git") if shutil.which("git") else failed("git", "it is missing", "install it: `apt-get install git`")


def look_at_data(settings: Settings) -> Found:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            return fine("data folder", str(settings.data_dir))
    except OSError as error:
        told = f"{settings.data_dir} cannot be written ({error})"
        return failed("data folder", told, "set QUORUM_DATA_DIR to a folder that can")


def look_at_file() -> Found:
    """The file of settings may hold secrets. That it can be read was seen when the settings were."""
    path = settings_file()
    if path is None:
        return fine("settings", "no file; defaults and the environment")
    if path.stat().st_mode & 0o077:
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
    if path.stat().st_mode & 0o077:
        return failed("App credentials", f"others can read {path}", f"run `chmod 600 {path}`")
    return fine("App credentials", f"App {settings.app_id}")


def look_at_secret(settings: Settings) -> Found:
    if settings.webhook_secret.get_secret_value():
        return fine("webhook secret")
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
