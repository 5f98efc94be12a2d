"""Which refusals only stand, so that they are no round of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("stands", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("verdicts", "stands")
