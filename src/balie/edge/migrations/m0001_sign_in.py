"""Sign-ins and remembered answers."""

import sqlalchemy as sa
from alembic import op

revision = "edge_0001"
down_revision = None
branch_labels = ("edge",)
depends_on = "desk_0001"


def upgrade() -> None:
    op.create_table(
        "agent_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("agent", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_agent_session_organisation")
        ),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_agent_session_agent")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_agent_session")),
    )
    op.create_index(op.f("ix_agent_session_agent"), "agent_session", ["agent"])
    op.create_index(op.f("ix_agent_session_expires_at"), "agent_session", ["expires_at"])
    op.create_table(
        "idempotency_key",
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("agent", sa.String(length=30), nullable=False),
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_idempotency_key_organisation")
        ),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_idempotency_key_agent")),
        sa.PrimaryKeyConstraint("organisation", "agent", "route", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index(op.f("ix_idempotency_key_created_at"), "idempotency_key", ["created_at"])


def downgrade() -> None:
    op.drop_table("idempotency_key")
    op.drop_table("agent_session")
