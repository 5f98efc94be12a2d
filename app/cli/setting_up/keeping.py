"""What set-up keeps on disk, to go on where it was: a form that was sent to GitHub, and the App's credentials.

Everything here is readable by its owner only.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.cli.setting_up.manifest import Hook, Way
from app.forge.registering import Registered
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


@dataclass(frozen=True)
class Place:
    """Where it is kept: the data folder, and the file of settings."""

    data_dir: Path
    settings_file: Path

    @property
    def _sent(self) -> Path:
        return self.data_dir / "setup.json"

    def remember(self, github_url: str, hook: Hook) -> Sent:
        """In the place of what was sent before: only the newest form counts."""
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
        """The key first, then the settings that name it, then the form is done with.

        GitHub has given them once and will not again: who dies before the last line still finds the key of the App's
        number in the data folder.
        """
        key = self.data_dir / f"app-{found.id}.pem"
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
        write_values(self.settings_file, {**values, **({"poll_s": _POLL_S} if sent.way == "poll" else {})})
        with suppress(OSError):
            self._sent.unlink()
