"""What people asked to be remembered of a repository."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("source", sa.String(60), nullable=False, unique=True),
        sa.Column("repo_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("login", sa.String(100), nullable=False),
        sa.Column("permission", sa.String(40), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_index("notes_repo", "notes", ["repo_id"])


def downgrade() -> None:
    op.drop_index("notes_repo", "notes")
    op.drop_table("notes")
