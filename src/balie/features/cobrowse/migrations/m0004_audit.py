"""Finds the looks of an inbox and a period."""

from alembic import op

revision = "cobrowse_0004"
down_revision = "cobrowse_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_look_inbox_created_at"), "look", ["inbox", "created_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_look_inbox_created_at"), "look")
