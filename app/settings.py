"""One frozen object with every setting. Entry points and `wiring` read it; nothing else looks at the environment."""

from pathlib import Path
from typing import Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each field is set by `QUORUM_` and its name in capitals, except where a field names another variable."""

    model_config = SettingsConfigDict(env_prefix="QUORUM_", frozen=True, extra="ignore", populate_by_name=True)

    data_dir: Path = Path("~/.local/share/quorum")
    """Where the embedded database, the private Redis, mirrors, work trees and logs lie."""
    database_url: str = ""
    """SQLAlchemy URL, `postgresql+psycopg://...`; empty: SQLite under `data_dir`."""
    broker_url: str = ""
    """Redis or AMQP URL; empty: a private Redis under `data_dir`, started by `quorum serve`."""

    github_url: str = "https://github.com"
    """github.com or the root of a GitHub Enterprise Server."""
    app_id: int = 0
    app_client_id: str = ""
    app_slug: str = "quorum"
    private_key_file: Path | None = None
    webhook_secret: SecretStr = SecretStr("")

    github_token: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("QUORUM_GITHUB_TOKEN", "GITHUB_TOKEN")
    )
    """A person's own token, for `quorum setup` alone."""

    model: str = "anthropic:claude-sonnet-5"
    """`anthropic:MODEL`, `openai:MODEL` (OpenAI, or any server that speaks chat completions) or `scripted:FILE`."""
    light_model: str = ""
    """As `model`, for the one short reading of a trivial change; empty: the same."""
    anthropic_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("ANTHROPIC_API_KEY", "QUORUM_ANTHROPIC_API_KEY")
    )
    anthropic_base_url: str = Field(
        default="", validation_alias=AliasChoices("ANTHROPIC_BASE_URL", "QUORUM_ANTHROPIC_BASE_URL")
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("OPENAI_API_KEY", "QUORUM_OPENAI_API_KEY")
    )
    openai_base_url: str = Field(default="", validation_alias=AliasChoices("OPENAI_BASE_URL", "QUORUM_OPENAI_BASE_URL"))
    """Such as `http://localhost:11434/v1`; empty: OpenAI's own."""

    host: str = "127.0.0.1"
    port: int = 8471
    """Where `quorum serve` listens for webhooks; 0 takes a free port."""
    concurrency: int = 64
    """Runs in progress in one worker process."""
    lease_s: float = 60.0
    """How long a worker that died keeps its runs; it renews at a quarter of this."""
    sweep_s: float = 15.0
    poll_s: float = 3600.0
    """How often GitHub is asked for failed deliveries, and for labelled issues and open pull requests without a run."""

    write_gap_s: float = 1.0
    """Seconds between two writes to GitHub for one installation; GitHub asks for one at least."""
    model_timeout_s: float = 600.0
    """How long one answer of a model may take."""

    toolchains: tuple[Path, ...] = ()
    """Prefixes with a `bin` folder that commands in the sandbox may read and run, beside the system's own."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        data = self.data_dir.expanduser().absolute()
        fill = object.__setattr__
        fill(self, "data_dir", data)
        fill(self, "github_url", self.github_url.rstrip("/"))
        if not self.database_url:
            fill(self, "database_url", f"sqlite+aiosqlite:///{data / 'quorum.db'}")
        if not self.broker_url:
            fill(self, "broker_url", f"redis+socket://{data / 'redis.sock'}")
        return self

    def require_credentials(self) -> None:
        """Raises `ValueError` that says what is missing or wrong of what the App needs on GitHub."""
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if self.private_key_file is None or not self.app_id:
            raise ValueError("set QUORUM_APP_ID and QUORUM_PRIVATE_KEY_FILE; the App's settings on GitHub have both")
        if not self.private_key_file.is_file():
            raise ValueError(f"QUORUM_PRIVATE_KEY_FILE: there is no file {self.private_key_file}")
        try:
            load_pem_private_key(self.private_key_file.read_bytes(), None)
        except (ValueError, TypeError) as error:
            told = f"{self.private_key_file} holds no private key; download one from the App's settings on GitHub"
            raise ValueError(f"QUORUM_PRIVATE_KEY_FILE: {told}") from error

    @property
    def has_model(self) -> bool:
        """Whether a model can be asked: a provider needs a key, or is a server of one's own."""
        kind = self.model.partition(":")[0]
        known = {
            "anthropic": self.anthropic_api_key.get_secret_value() or self.anthropic_base_url,
            "openai": self.openai_api_key.get_secret_value() or self.openai_base_url,
        }
        return bool(known.get(kind, True))

    @property
    def api_url(self) -> str:
        """https://docs.github.com/en/enterprise-server/rest: Enterprise Server serves REST under /api/v3."""
        return "https://api.github.com" if self.github_url == "https://github.com" else f"{self.github_url}/api/v3"

    @property
    def graphql_url(self) -> str:
        if self.github_url == "https://github.com":
            return "https://api.github.com/graphql"
        return f"{self.github_url}/api/graphql"
