"""What branches demanded when they were looked at last."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "protections",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("branch", sa.String(length=255), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("noticed_at", sa.Float(), nullable=True),
        sa.Column("issue", sa.Integer(), nullable=True),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "branch"),
    )


def downgrade() -> None:
    op.drop_table("protections")
