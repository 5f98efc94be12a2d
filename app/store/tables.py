"""The tables. Times are seconds since 1970 in UTC, as floats, so that both databases compare them alike."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
"""`looks`: the newest whole look at a pull request, so that a smaller one can build on it. `heads`: every head there
was, who pushed it, and what its diff was. `statements`: what people said that counts. `gates`: what which check run was
told. `defaults`: the organization's own policy as it was read last. `answers`: what models
said of late. `notes`: what people asked to be remembered."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("event", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("handled_at", Float),
    Column("outcome", Text),
    Index("deliveries_pending", "handled_at", "received_at"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("workflow", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("installation_id", BigInteger, nullable=False),
    Column("repo_id", BigInteger, nullable=False),
    Column("owner", String(100), nullable=False),
    Column("name", String(100), nullable=False),
    Column("number", Integer, nullable=False),
    Column("head_sha", String(64)),
    Column("state", String(12), nullable=False),
    Column("ending", String(12)),
    Column("reason", Text),
    Column("dedupe_key", String(255), unique=True),
    Column("dedupe_until", String(10), nullable=False),
    Column("key", String(255), nullable=False),
    Column("serial_key", String(255), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("cause", JSON, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("trouble_at", Float),
    Column("fence", Integer, nullable=False, default=0),
    Column("lease_owner", String(100)),
    Column("lease_until", Float),
    Column("wake_at", Float),
    Column("waits_for", String(255)),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    Index("runs_due", "state", "wake_at"),
    Index("runs_key", "key"),
    Index("runs_serial", "serial_key", "state"),
    Index("runs_waits", "waits_for"),
)

steps = Table(
    "steps",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("position", Integer, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("finished_at", Float),
    Column("value", JSON),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("perspective", String(40), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("pull", Integer, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("base_sha", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("model", String(100), nullable=False),
    Column("carried_from", String(64)),
    Column("same", JSON),
    Column("read_at", Float),
    Column("terms", String(64)),
    Column("whole_at", String(64)),
    Column("stands", Boolean),
    Column("summary", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("verdicts_pull", "repo_id", "pull", "head_sha"),
)

examinations = Table(
    "examinations",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("pull", Integer, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("tests", String(16), nullable=False),
    Column("unread", JSON, nullable=False),
    Column("set_aside", JSON),
    Column("created_at", Float, nullable=False),
    Index("examinations_pull", "repo_id", "pull", "head_sha"),
)

findings = Table(
    "findings",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("pull", Integer, nullable=False),
    Column("run_id", String(36), nullable=False),
    Column("perspective", String(40), nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("finding", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("findings_pull", "repo_id", "pull"),
)

landings = Table(
    "landings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("branch", String(255), nullable=False),
    Column("before_sha", String(64), nullable=False),
    Column("after_sha", String(64), nullable=False),
    Column("pull", Integer),
    Column("head_sha", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("security", Boolean, nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("policy_sha", String(64)),
    Column("approved_at", Float),
    Column("at", Float, nullable=False),
    UniqueConstraint("repo_id", "branch", "after_sha", name="landings_once"),
)

deployments = Table(
    "deployments",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("workflow_run", BigInteger, primary_key=True, autoincrement=False),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("environment", String(800), primary_key=True),
    Column("sha", String(64), nullable=False),
    Column("decided", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("run_id", String(36), nullable=False),
    Column("at", Float, nullable=False),
    Index("deployments_environment", "repo_id", "environment", "at"),
)

usage = Table(
    "usage",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("step", String(200), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("role", String(60), nullable=False),
    Column("model", String(100), nullable=False),
    Column("input", BigInteger, nullable=False),
    Column("cache_read", BigInteger, nullable=False),
    Column("cache_write", BigInteger, nullable=False),
    Column("output", BigInteger, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("at", Float, nullable=False),
    Index("usage_at", "at", "cost"),
    Index("usage_repo", "repo_id", "at", "cost"),
)

answers = Table(
    "answers",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("installation_id", BigInteger, nullable=False),
    Column("at", Float, nullable=False),
    Column("reply", JSON, nullable=False),
    Index("answers_at", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Float, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("action", String(100), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

locks = Table(
    "locks",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("owner", String(100), nullable=False),
    Column("until", Float, nullable=False),
)

looks = Table(
    "looks",
    metadata,
    Column("repo_id", BigInteger, primary_key=True),
    Column("pull", Integer, primary_key=True),
    Column("open", Boolean, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("base_ref", String(255), nullable=False),
    Column("base_sha", String(64), nullable=False),
    Column("guarded", Boolean),
    Column("foreign_gates", JSON, nullable=False),
    Column("at", Float, nullable=False),
    Index("looks_head", "repo_id", "head_sha"),
)

heads = Table(
    "heads",
    metadata,
    Column("repo_id", BigInteger, primary_key=True),
    Column("pull", Integer, primary_key=True),
    Column("head_sha", String(64), primary_key=True),
    Column("pushed_by", Text),
    Column("fingerprint", String(64)),
    Column("at", Float, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("repo_id", BigInteger, primary_key=True),
    Column("pull", Integer, primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("set_by", String(100), nullable=False),
    Column("trusted", Boolean),
    Column("at", Float, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("pull", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("target", String(80), nullable=False),
    Column("login", String(100), nullable=False),
    Column("permission", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("withdrawn", Boolean, nullable=False, default=False),
    Column("removed", Boolean, nullable=False, default=False),
    Index("statements_pull", "repo_id", "pull"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("pull", Integer, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("base_ref", String(255), nullable=False),
    Column("base_sha", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("status", String(12), nullable=False),
    Column("title", Text, nullable=False),
    Column("tree", JSON, nullable=False),
    Column("security", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Index("decisions_head", "repo_id", "head_sha"),
    Index("decisions_pull", "repo_id", "pull"),
)

gates = Table(
    "gates",
    metadata,
    Column("repo_id", BigInteger, primary_key=True),
    Column("head_sha", String(64), primary_key=True),
    Column("external_id", String(60), primary_key=True),
    Column("check_id", BigInteger, nullable=False),
    Column("told", String(64), nullable=False),
)

defaults = Table(
    "defaults",
    metadata,
    Column("owner", String(100), primary_key=True),
    Column("repo_id", BigInteger),
    Column("text", Text),
    Column("at", Float, nullable=False),
)

protections = Table(
    "protections",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("branch", String(255), primary_key=True),
    Column("seen", JSON, nullable=False),
    Column("noticed_at", Float),
    Column("issue", Integer),
    Column("lost", JSON, nullable=False),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("pull", Integer, primary_key=True, autoincrement=False),
    Column("perspective", String(40), primary_key=True),
    Column("key", String(16), primary_key=True),
    Column("category", String(60), nullable=False),
    Column("area", String(200), nullable=False),
    Column("blocks", Boolean, nullable=False),
    Column("fate", String(10), nullable=False),
    Column("at", Float, nullable=False),
)

settlements = Table(
    "settlements",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("pull", Integer, primary_key=True, autoincrement=False),
    Column("at", Float, nullable=False),
)

unsilenced = Table(
    "unsilenced",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("perspective", String(40), primary_key=True),
    Column("category", String(60), primary_key=True),
    Column("area", String(200), primary_key=True),
    Column("at", Float, nullable=False),
)

instructions = Table(
    "instructions",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("verb", String(20), nullable=False),
    Column("login", String(100), nullable=False),
    Column("permission", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("instructions_number", "repo_id", "number"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source", String(60), nullable=False, unique=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("text", String(300), nullable=False),
    Column("login", String(100), nullable=False),
    Column("permission", String(40), nullable=False),
    Column("at", Float, nullable=False),
    Index("notes_repo", "repo_id"),
)
