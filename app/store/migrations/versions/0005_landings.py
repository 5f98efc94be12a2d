"""What landed on branches, and what was let into environments."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landings",
        sa.Column("id", sa.Integer(), nullable=False, primary_key=True),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("branch", sa.String(255), nullable=False),
        sa.Column("before_sha", sa.String(64), nullable=False),
        sa.Column("after_sha", sa.String(64), nullable=False),
        sa.Column("pull", sa.Integer()),
        sa.Column("head_sha", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("security", sa.Boolean(), nullable=False),
        sa.Column("policy_hash", sa.String(64), nullable=False),
        sa.Column("policy_sha", sa.String(64)),
        sa.Column("approved_at", sa.Float()),
        sa.Column("at", sa.Float(), nullable=False),
        sa.UniqueConstraint("repo_id", "branch", "after_sha", name="landings_once"),
    )
    op.create_table(
        "deployments",
        sa.Column("repo_id", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("workflow_run", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("attempt", sa.Integer(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("environment", sa.String(800), nullable=False, primary_key=True),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("decided", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("deployments_environment", "deployments", ["repo_id", "environment", "at"])


def downgrade() -> None:
    op.drop_table("deployments")
    op.drop_table("landings")
