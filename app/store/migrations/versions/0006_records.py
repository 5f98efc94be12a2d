"""What became of findings, and which advice is let be said again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcomes",
        sa.Column("repo_id", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("pull", sa.Integer(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("perspective", sa.String(40), nullable=False, primary_key=True),
        sa.Column("key", sa.String(16), nullable=False, primary_key=True),
        sa.Column("category", sa.String(60), nullable=False),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("blocks", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(10), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_table(
        "settlements",
        sa.Column("repo_id", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("pull", sa.Integer(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Float(), nullable=False),
    )
    op.create_table(
        "unsilenced",
        sa.Column("repo_id", sa.BigInteger(), nullable=False, primary_key=True, autoincrement=False),
        sa.Column("perspective", sa.String(40), nullable=False, primary_key=True),
        sa.Column("category", sa.String(60), nullable=False, primary_key=True),
        sa.Column("area", sa.String(200), nullable=False, primary_key=True),
        sa.Column("at", sa.Float(), nullable=False),
    )


def downgrade() -> None:
    for table in ("unsilenced", "settlements", "outcomes"):
        op.drop_table(table)
