"""By what a perspective judged, at which head it read everything, and what everything was."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("terms", sa.String(64), nullable=True))
    op.add_column("verdicts", sa.Column("whole_at", sa.String(64), nullable=True))
    op.add_column("examinations", sa.Column("set_aside", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("examinations", "set_aside")
    op.drop_column("verdicts", "whole_at")
    op.drop_column("verdicts", "terms")
