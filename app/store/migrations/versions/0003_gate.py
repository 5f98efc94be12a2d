"""What the gate remembers: people's statements, decisions, and what the next look can build on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = ("looks", "heads", "labels", "statements", "decisions", "gates", "defaults")


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("same", sa.JSON(), nullable=True))
    op.add_column("verdicts", sa.Column("read_at", sa.Float(), nullable=True))
    op.create_table(
        "looks",
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("pull", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("base_ref", sa.String(length=255), nullable=False),
        sa.Column("base_sha", sa.String(length=64), nullable=False),
        sa.Column("guarded", sa.Boolean(), nullable=True),
        sa.Column("foreign_gates", sa.JSON(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "pull"),
    )
    op.create_index("looks_head", "looks", ["repo_id", "head_sha"])
    op.create_table(
        "heads",
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("pull", sa.Integer(), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("pushed_by", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "pull", "head_sha"),
    )
    op.create_table(
        "labels",
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("pull", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("set_by", sa.String(length=100), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "pull", "name"),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("pull", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("permission", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("statements_pull", "statements", ["repo_id", "pull"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("pull", sa.Integer(), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("base_ref", sa.String(length=255), nullable=False),
        sa.Column("base_sha", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tree", sa.JSON(), nullable=False),
        sa.Column("security", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decisions_head", "decisions", ["repo_id", "head_sha"])
    op.create_index("decisions_pull", "decisions", ["repo_id", "pull"])
    op.create_table(
        "gates",
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("head_sha", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=60), nullable=False),
        sa.Column("check_id", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "head_sha", "external_id"),
    )
    op.create_table(
        "defaults",
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("repo_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("owner"),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_column("verdicts", "read_at")
    op.drop_column("verdicts", "same")
