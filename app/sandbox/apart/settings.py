"""What `quorum sandbox` is told, and the keys that it must not be handed. It reads no file of settings, no secret."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.settings import Settings
from app.sources.faults import variables_of
from app.sources.file import DATA_DIR, at_home
from app.sources.tables import path_or_none

_LEAD_TO_KEYS = ("database_url", "broker_url", "private_key_file")
_OF_CLOUDS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS")


class SandboxSettings(BaseSettings):
    """Three of `Settings`, by the same variables: a worker and its sandbox are given the same values."""

    model_config = SettingsConfigDict(env_prefix="QUORUM_", frozen=True, extra="ignore", title="Settings")

    data_dir: Path = Path(DATA_DIR)
    sandbox_socket: Annotated[Path | None, BeforeValidator(path_or_none)] = None
    toolchains: tuple[Path, ...] = ()

    @property
    def root(self) -> Path:
        """Where the worker lays out work trees."""
        return at_home(self.data_dir) / "worktrees"

    @property
    def prepared(self) -> Path:
        """Where the worker keeps what projects' set-ups left."""
        return at_home(self.data_dir) / "prepared"


def keys_in(environment: Mapping[str, str], mounted: Path) -> list[str]:
    """What of an environment, and of a folder with secrets, has no business beside untrusted code; by name alone."""
    fields = Settings.model_fields.items()
    of_ours = [each for each in fields if each[1].annotation is SecretStr or each[0] in _LEAD_TO_KEYS]
    names = {name for each in of_ours for name in variables_of(*each)} | set(_OF_CLOUDS)
    held = [name for name in sorted(names) if environment.get(name)]
    return held + (sorted(str(each) for each in mounted.iterdir()) if mounted.is_dir() else [])
