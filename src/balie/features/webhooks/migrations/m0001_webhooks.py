"""The table of webhook endpoints."""

import sqlalchemy as sa
from alembic import op

revision = "webhooks_0001"
down_revision = None
branch_labels = ("webhooks",)
depends_on = "desk_0002"


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("description", sa.String(length=200), server_default="", nullable=False),
        sa.Column("events", sa.String(length=500), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("off_reason", sa.String(length=10), server_default="", nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("old_secret", sa.String(length=100), server_default="", nullable=False),
        sa.Column("old_secret_until", sa.BigInteger()),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "off_reason in ('', 'person', 'gone', 'failing')", name=op.f("ck_webhook_off_reason")
        ),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_webhook_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        comment="Endpoints. ``since``: the global position after which facts are theirs. Secrets sign, so they"
        " stand here as they are.",
    )
    op.create_index(op.f("ix_webhook_organisation"), "webhook", ["organisation"])


def downgrade() -> None:
    op.drop_table("webhook")
