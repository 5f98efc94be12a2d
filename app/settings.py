"""One frozen object with every setting. Entry points and `wiring` read it; nothing else looks at the environment.

The text below a field is its documentation: docs/settings.md is printed from it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from app.sources.addresses import api_of, graphql_of, parse_root
from app.sources.faults import explain
from app.sources.file import DATA_DIR, SettingsError, at_home, read_file, settings_file
from app.sources.hosts import REGISTRIES, parse_hosts
from app.sources.tables import from_json, path_or_none, rows_from_json
from app.sources.words import parse_words

SECRETS = Path("/run/secrets")
"""Where container engines mount secrets, a file each: https://docs.docker.com/compose/how-tos/use-secrets/."""
NEEDS_RESTART = frozenset(
    {
        *("data_dir", "database_url", "broker_url", "host", "port", "health_port"),
        *("github_url", "app_id", "app_client_id", "app_slug", "private_key_file"),
    }
)
"""What web server and workers must agree on, or hold for as long as they live."""


Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Each field is set by `QUORUM_` and its name in capitals, except where a field names another variable."""

    model_config = SettingsConfigDict(
        env_prefix="QUORUM_",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # it may be a secret
    )

    data_dir: Path = Path(DATA_DIR)
    """Where the embedded database, the private Redis, mirrors, work trees and logs lie."""
    database_url: str = ""
    """SQLAlchemy URL, `postgresql+psycopg://...`; empty: SQLite under `data_dir`."""
    broker_url: str = ""
    """Redis or AMQP URL; empty: a private Redis under `data_dir`, started by `quorum serve`."""

    github_url: Annotated[str, AfterValidator(parse_root)] = "https://github.com"
    """github.com, `https://SUBDOMAIN.ghe.com`, or the root of a GitHub Enterprise Server."""
    app_id: int = Field(default=0, ge=0)
    """The App's number; its page on GitHub and `quorum setup` tell it."""
    app_client_id: str = ""
    """The App's client id, which GitHub would rather have in tokens than the number; empty: the number."""
    app_slug: str = "quorum"
    """The App's name in addresses and before `[bot]`, with which people call it: `@quorum`."""
    private_key_file: Path | None = None
    """The App's private key, a `.pem` file that nobody else can read."""
    webhook_secret: SecretStr = SecretStr("")
    """What GitHub signs webhooks with, as the App's settings have it."""
    relay_url: SecretStr = SecretStr("")
    """A smee-compatible relay such as `https://smee.io/CHANNEL`, where GitHub cannot reach this machine; or nothing.
    Who knows the address can read what GitHub sends there."""

    github_token: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("QUORUM_GITHUB_TOKEN", "GITHUB_TOKEN")
    )
    """A person's own token, for `quorum setup protect` alone."""

    model: str = "anthropic:claude-sonnet-5"
    """`PROVIDER:MODEL`: `anthropic`, `openai` (OpenAI, or any server that speaks chat completions), `azure`, `gemini`,
    `bedrock` or `vertex`; or `scripted:FILE`, or `replay:FILE`."""
    light_model: str = ""
    """As `model`, for the one short reading of a trivial change; empty: the same."""
    second_model: str = ""
    """As `model`, for a second plan, and a fresh attempt at what the usual one got stuck on; empty: the same."""
    models: Annotated[dict[str, tuple[str, ...]], NoDecode, BeforeValidator(rows_from_json)] = {}
    """JSON: a role, and the models that answer it; the first does, and the others where it does not answer. `default`
    is for all other roles. A row of it goes before `model`, `light_model` and `second_model`."""
    budget_usd_month: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """US dollars that models may cost in a calendar month (UTC), all repositories together; empty: no limit."""
    repo_budget_usd_month: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """The same for each repository."""
    model_limits: Annotated[dict[str, dict[str, int]], NoDecode, BeforeValidator(from_json)] = {}
    """JSON: a model, and how many `requests` and `tokens` (that are sent) a minute its provider allows all workers."""
    prices: Annotated[dict[str, Any], NoDecode, BeforeValidator(from_json)] = {}
    """JSON: a model, and one's own prices for it, one or a list: `input`, `output`, and where they differ `cache_read`
    and `cache_write`, in US dollars a million tokens, each with a day `from` which it holds."""
    record: Path | None = None
    """A file to which every conversation with models is appended; `replay:FILE` as a model answers from it."""
    model_stream: bool = False
    """Whether answers are streamed; for a proxy that breaks off connections over which nothing comes for a while."""
    anthropic_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("ANTHROPIC_API_KEY", "QUORUM_ANTHROPIC_API_KEY")
    )
    """The key for models of Anthropic's."""
    anthropic_base_url: str = Field(
        default="", validation_alias=AliasChoices("ANTHROPIC_BASE_URL", "QUORUM_ANTHROPIC_BASE_URL")
    )
    """Another server that speaks Anthropic's protocol; empty: Anthropic's own."""
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("OPENAI_API_KEY", "QUORUM_OPENAI_API_KEY")
    )
    """The key for models of OpenAI's, or of the server in `openai_base_url`."""
    openai_base_url: str = Field(default="", validation_alias=AliasChoices("OPENAI_BASE_URL", "QUORUM_OPENAI_BASE_URL"))
    """Such as `http://localhost:11434/v1`; empty: OpenAI's own."""

    gemini_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("GEMINI_API_KEY", "GOOGLE_API_KEY", "QUORUM_GEMINI_API_KEY"),
    )
    """The key for Gemini."""
    gemini_base_url: str = Field(default="", validation_alias=AliasChoices("GEMINI_BASE_URL", "QUORUM_GEMINI_BASE_URL"))
    """Another server that speaks Gemini's protocol; empty: Google's own."""
    azure_openai_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("AZURE_OPENAI_API_KEY", "QUORUM_AZURE_OPENAI_API_KEY")
    )
    """The key for `azure_openai_endpoint`."""
    azure_openai_endpoint: str = Field(
        default="", validation_alias=AliasChoices("AZURE_OPENAI_ENDPOINT", "QUORUM_AZURE_OPENAI_ENDPOINT")
    )
    """Such as `https://NAME.openai.azure.com`."""
    openai_api_version: str = Field(
        default="2024-10-21", validation_alias=AliasChoices("OPENAI_API_VERSION", "QUORUM_OPENAI_API_VERSION")
    )
    """Azure's; https://learn.microsoft.com/azure/ai-services/openai/api-version-deprecation."""
    aws_region: str = Field(
        default="", validation_alias=AliasChoices("AWS_REGION", "AWS_DEFAULT_REGION", "QUORUM_AWS_REGION")
    )
    """Bedrock's. Who asks is said by AWS's own variables and files."""
    bedrock_base_url: str = Field(
        default="", validation_alias=AliasChoices("ANTHROPIC_BEDROCK_BASE_URL", "QUORUM_BEDROCK_BASE_URL")
    )
    """Another address of Bedrock, such as one within a private network; empty: the region's own."""
    vertex_project: str = Field(
        default="",
        validation_alias=AliasChoices("ANTHROPIC_VERTEX_PROJECT_ID", "GOOGLE_CLOUD_PROJECT", "QUORUM_VERTEX_PROJECT"),
    )
    """Google's name of the project that pays for Vertex. Who asks is said by Google's own variables and files."""
    vertex_region: str = Field(default="", validation_alias=AliasChoices("CLOUD_ML_REGION", "QUORUM_VERTEX_REGION"))
    """Vertex's, such as `europe-west1`."""
    vertex_base_url: str = Field(
        default="", validation_alias=AliasChoices("ANTHROPIC_VERTEX_BASE_URL", "QUORUM_VERTEX_BASE_URL")
    )
    """Another address of Vertex; empty: the region's own."""

    host: str = "127.0.0.1"
    """The address on which `quorum serve` listens; `0.0.0.0` for all."""
    port: Port = 8471
    """Where `quorum serve` listens for webhooks; 0 takes a free port."""
    health_port: Port = 0
    """Where a `quorum worker` of its own answers `/healthz` and `/readyz`, for whoever supervises it; 0: nowhere."""
    concurrency: int = Field(default=64, ge=1)
    """Runs in progress in one worker process."""
    lease_s: Seconds = 60.0
    """How long a worker that died keeps its runs; it renews at a quarter of this."""
    sweep_s: Seconds = 15.0
    """How often the inbox is looked through for deliveries whose message to a worker was lost."""
    poll_s: Seconds = 3600.0
    """How often GitHub is asked for failed deliveries, and for labelled issues and open pull requests without a run."""

    write_gap_s: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    """Seconds between two writes to GitHub for one installation; GitHub asks for one at least."""
    model_timeout_s: Seconds = 600.0
    """How long one answer of a model may take."""

    toolchains: tuple[Path, ...] = ()
    """Prefixes with a `bin` folder that commands in the sandbox may read and run, beside the system's own."""
    setup_hosts: Annotated[tuple[str, ...], AfterValidator(parse_hosts)] = REGISTRIES
    """Hosts that the set-up of a project may reach, and nothing else ever may: `HOST`, `HOST:PORT`, or
    `http://HOST:PORT` for reading without TLS. An empty list: nothing is set up."""
    sandbox_socket: Annotated[Path | None, BeforeValidator(path_or_none)] = None
    """Where `quorum sandbox` listens, which then runs the commands of workers; empty: each runs its own."""

    @classmethod
    def load(cls, words: Sequence[str] = ()) -> Self:
        """All settings, with those of the command line (`NAME=VALUE`). Raises `SettingsError` that names each fault."""
        told = cls._told(words)
        try:
            return cls(**told)
        except ValidationError as error:
            raise SettingsError(explain(error, cls.model_fields, told)) from error

    @classmethod
    def file(cls, words: Sequence[str] = ()) -> Path | None:
        """The file that `load` reads with these words; None where there is none. Raises `SettingsError`."""
        return settings_file(cls._told(words).get("data_dir"))

    @classmethod
    def _told(cls, words: Sequence[str]) -> dict[str, Any]:
        return parse_words(words, {name: field.annotation is SecretStr for name, field in cls.model_fields.items()})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line, the environment, files in `SECRETS` named like its variables in any case, the file."""
        del dotenv_settings, file_secret_settings
        path = settings_file(init_settings().get("data_dir"))
        held = {} if path is None else read_file(path, cls.model_fields)
        mounted = [SecretsSettingsSource(settings_cls, secrets_dir=SECRETS)] if SECRETS.is_dir() else []
        return init_settings, env_settings, *mounted, InitSettingsSource(settings_cls, held)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        data, fill = at_home(self.data_dir), object.__setattr__
        fill(self, "data_dir", data)
        if self.models.get("default") and not self.replays:
            fill(self, "model", self.models["default"][0])
        if not self.database_url:
            fill(self, "database_url", f"sqlite+aiosqlite:///{data / 'quorum.db'}")
        if not self.broker_url:
            fill(self, "broker_url", f"redis+socket://{data / 'redis.sock'}")
        return self

    def require_credentials(self) -> None:
        """Raises `ValueError` that says what is missing or wrong of what the App needs on GitHub."""
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if self.private_key_file is None or not self.app_id:
            raise ValueError("run `quorum setup`, or set QUORUM_APP_ID and QUORUM_PRIVATE_KEY_FILE to those of an App")
        if not self.private_key_file.is_file():
            raise ValueError(f"QUORUM_PRIVATE_KEY_FILE: there is no file {self.private_key_file}")
        try:
            load_pem_private_key(self.private_key_file.read_bytes(), None)
        except (ValueError, TypeError) as error:
            told = f"{self.private_key_file} holds no private key; download one from the App's settings on GitHub"
            raise ValueError(f"QUORUM_PRIVATE_KEY_FILE: {told}") from error

    @property
    def replays(self) -> bool:
        """Whether a recording answers for every model, so that none is asked."""
        return self.model.startswith("replay:")

    @property
    def table(self) -> dict[str, tuple[str, ...]]:
        """Rows of roles and their models; the short settings are rows as well. A recording answers all of them."""
        if self.replays:
            return {"default": (self.model,)}
        short = {"default": self.model, "light": self.light_model, "second": self.second_model}
        return {row: (name,) for row, name in short.items() if name} | self.models

    @property
    def has_model(self) -> bool:
        """Whether every model that is named can be asked: a provider needs a key, or is a server of one's own."""
        return not self.missing

    @property
    def missing(self) -> str:
        """The first variable without which a model that is named cannot be asked; empty if none is missing."""
        named = (name for models in self.table.values() for name in models)
        return next(filter(None, map(self.missing_for, named)), "")

    def missing_for(self, model: str) -> str:
        """The variable without which this model cannot be asked; empty if none is missing."""
        kind, claude = model.partition(":")[0], self.anthropic_api_key.get_secret_value() or self.anthropic_base_url
        needs = {
            "anthropic": {"ANTHROPIC_API_KEY": claude},
            "openai": {"OPENAI_API_KEY": self.openai_api_key.get_secret_value() or self.openai_base_url},
            "gemini": {"GEMINI_API_KEY": self.gemini_api_key.get_secret_value() or self.gemini_base_url},
            "azure": {
                "AZURE_OPENAI_ENDPOINT": self.azure_openai_endpoint,
                "AZURE_OPENAI_API_KEY": self.azure_openai_api_key.get_secret_value(),
            },
            "bedrock": {"AWS_REGION": self.aws_region},
            "vertex": {"ANTHROPIC_VERTEX_PROJECT_ID": self.vertex_project, "CLOUD_ML_REGION": self.vertex_region},
        }
        return next((variable for variable, value in needs.get(kind, {}).items() if not value), "")

    @property
    def api_url(self) -> str:
        return api_of(self.github_url)

    @property
    def graphql_url(self) -> str:
        return graphql_of(self.github_url)
