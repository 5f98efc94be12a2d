"""What set-up keeps on disk, to go on where it was: a form that was sent to GitHub, and the App's credentials.

Everything here is readable by its owner only.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from app.cli.setting_up.manifest import Hook, Way
from app.forge.registering import Registered
from app.sources.file import VARIABLE
from app.sources.writing import Value, write_private, write_values

_POLL_S = 60.0
"""With nobody to ring, GitHub is asked once a minute."""


class Sent(BaseModel):
    """A form that a person took to GitHub. Who comes back must bring its `state`; it is worth nothing a second time."""

    model_config = ConfigDict(frozen=True)

    state: str
    github_url: str
    way: Way
    url: str


class Given(BaseModel):
    """What GitHub gave for a form, on its way into the settings."""

    model_config = ConfigDict(frozen=True)

    values: dict[str, Value]


@dataclass(frozen=True)
class Place:
    """Where it is kept: the data folder, and the file of settings."""

    data_dir: Path
    settings_file: Path

    @property
    def _sent(self) -> Path:
        return self.data_dir / "setup.json"

    def remember(self, github_url: str, hook: Hook) -> Sent:
        """In the place of what was sent before: only the newest form counts. What was given for one is not lost.

        Raises `OSError` or `ValueError` where the answer could not be kept: GitHub gives it once.
        """
        self.finish()
        folder = next(each for each in self.settings_file.resolve().parents if each.exists())
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(f"{self.settings_file} cannot be written; name another file in {VARIABLE}")
        sent = Sent(state=secrets.token_urlsafe(24), github_url=github_url, way=hook.way, url=hook.url)
        write_private(self._sent, sent.model_dump_json())
        return sent

    def recall(self, state: str) -> Sent | None:
        """The form of this state; None for one that was never sent, or is done with."""
        try:
            sent = Sent.model_validate_json(self._sent.read_bytes())
        except (OSError, ValidationError):
            return None
        return sent if secrets.compare_digest(sent.state.encode(), state.encode()) else None

    def keep(self, sent: Sent, found: Registered) -> None:
        """The key first, then what is to be set, in the place of the form, then the settings that name the key.

        GitHub has given them once and will not again: from the second on, `finish` does what is left to do. Raises
        `OSError` if not even the second could be written.
        """
        # By GitHub, too: another one may have an App of the same number, whose key must stay.
        key = self.data_dir / f"{urlsplit(sent.github_url).hostname}-app-{found.id}.pem"
        write_private(key, found.pem.get_secret_value())
        given = "" if found.webhook_secret is None else found.webhook_secret.get_secret_value()
        values: dict[str, Value] = {
            "github_url": sent.github_url,
            "app_id": found.id,
            "app_slug": found.slug,
            "app_client_id": found.client_id,
            "private_key_file": str(key),
            "webhook_secret": given or secrets.token_hex(20),
            "relay_url": sent.url if sent.way == "relay" else "",
        }
        values |= {"poll_s": _POLL_S} if sent.way == "poll" else {}
        write_private(self._sent, Given(values=values).model_dump_json())

    def finish(self) -> None:
        """Write into the settings what is kept for them; nothing where nothing is.

        Raises `OSError` or `ValueError` for a file that cannot be written to.
        """
        try:
            given = Given.model_validate_json(self._sent.read_bytes())
        except (OSError, ValidationError):
            return
        write_values(self.settings_file, given.values)
        with suppress(OSError):
            self._sent.unlink()
