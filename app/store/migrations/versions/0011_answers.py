"""Answers of models that a repeated request gets again, and indexes for what models cost in a month."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
    )
    op.create_index("answers_at", "answers", ["at"])
    # They hold what is summed: looking up each row of a month takes longer than reading all rows there are.
    op.create_index("usage_at", "usage", ["at", "cost"])
    op.create_index("usage_repo", "usage", ["repo_id", "at", "cost"])


def downgrade() -> None:
    op.drop_index("usage_repo", "usage")
    op.drop_index("usage_at", "usage")
    op.drop_index("answers_at", "answers")
    op.drop_table("answers")
