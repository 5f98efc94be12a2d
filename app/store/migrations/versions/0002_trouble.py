"""Since when a run's outside has not answered."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("trouble_at", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("runs", "trouble_at")
