"""Forgets the remembered answers that hold a secret: since then they are remembered without it."""

from alembic import op

revision = "webhooks_0002"
down_revision = "webhooks_0001"
branch_labels = None
depends_on = "edge_0001"


def upgrade() -> None:
    op.execute("delete from idempotency_key where route like 'POST /v1/webhooks%'")


def downgrade() -> None:
    """What is forgotten stays forgotten."""
