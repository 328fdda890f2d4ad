"""Tickets for sockets that were issued while the leases were away."""

import sqlalchemy as sa
from alembic import op

revision = "edge_0002"
down_revision = "edge_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ticket")),
    )
    op.create_index(op.f("ix_ticket_expires_at"), "ticket", ["expires_at"])


def downgrade() -> None:
    op.drop_table("ticket")
