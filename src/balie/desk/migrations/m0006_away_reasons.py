"""Why an agent is away."""

import sqlalchemy as sa
from alembic import op

revision = "desk_0006"
down_revision = "desk_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agent", sa.Column("away_reason", sa.String(length=12), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("agent", "away_reason")
