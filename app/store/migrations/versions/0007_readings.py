"""By what a perspective judged, and at which head it read everything."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("terms", sa.String(64), nullable=True))
    op.add_column("verdicts", sa.Column("whole_at", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("verdicts", "whole_at")
    op.drop_column("verdicts", "terms")
