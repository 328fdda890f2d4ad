"""What is done later: timers, deliveries with their attempts and targets, and the cursors of listeners."""

import sqlalchemy as sa
from alembic import op

revision = "desk_0002"
down_revision = "desk_0001"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_timer()
    _create_delivery()
    op.create_table(
        "delivery_attempt",
        sa.Column("delivery", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("request", sa.Text(), server_default="", nullable=False),
        sa.Column("response", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["delivery.number"], name=op.f("fk_delivery_attempt_delivery")),
        sa.PrimaryKeyConstraint("delivery", "attempt", name=op.f("pk_delivery_attempt")),
    )
    op.create_table(
        "delivery_target",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failing_since", sa.BigInteger()),
        sa.Column("open_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("told_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_delivery_target_organisation")
        ),
        sa.PrimaryKeyConstraint("channel", "id", name=op.f("pk_delivery_target")),
        comment="Where deliveries go and how it fares: its breaker is open until ``open_until``.",
    )
    op.create_table(
        "listener",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_listener")),
        comment="How far each listener has read the log, as a global position.",
    )


def _create_timer() -> None:
    op.create_table(
        "timer",
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=8), server_default="set", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.CheckConstraint("state in ('set', 'dead')", name=op.f("ck_timer_state")),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_timer_organisation")),
        sa.PrimaryKeyConstraint("organisation", "kind", "key", name=op.f("pk_timer")),
        comment=(
            "What is to happen at a time. A timer that fired is gone:"
            " its row goes in the transaction of its effect."
        ),
    )
    op.create_index(op.f("ix_timer_state_look_at"), "timer", ["state", "look_at"])


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=30), nullable=False),
        sa.Column("order_key", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="due", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.String(length=36)),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.CheckConstraint(
            "state in ('due', 'trying', 'sent', 'unknown', 'dead')", name=op.f("ck_delivery_state")
        ),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_delivery_organisation")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_delivery")),
        sa.UniqueConstraint("id", name=op.f("uq_delivery_id")),
        sa.UniqueConstraint("channel", "target", "source", name=op.f("uq_delivery_channel_target_source")),
        comment=(
            "What leaves for the outside world. ``number`` orders a lane:"
            " the deliveries of one target and order key."
        ),
    )
    op.create_index("ix_delivery_due", "delivery", ["channel", "target", "state", "due_at"])
    op.create_index("ix_delivery_lane", "delivery", ["channel", "target", "order_key", "number"])
    op.create_index("ix_delivery_log", "delivery", ["channel", "target", "number"])
    op.create_index(op.f("ix_delivery_settled_at"), "delivery", ["settled_at"])


def downgrade() -> None:
    for table in ("listener", "delivery_target", "delivery_attempt", "delivery", "timer"):
        op.drop_table(table)
