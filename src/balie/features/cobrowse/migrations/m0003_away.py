"""Whether the visitor of a look is on another site."""

import sqlalchemy as sa
from alembic import op

revision = "cobrowse_0003"
down_revision = "cobrowse_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("look", sa.Column("away", sa.String(length=10)))


def downgrade() -> None:
    with op.batch_alter_table("look") as table:
        table.drop_column("away")
