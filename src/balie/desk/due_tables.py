"""Tables of what is done later: timers, deliveries, and how far listeners have read the log."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from balie.desk.tables import metadata

_NUMBER = BigInteger().with_variant(Integer, "sqlite")

timer = Table(
    "timer",
    metadata,
    Column("organisation", String(30), ForeignKey("organisation.id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("due_at", BigInteger, nullable=False),
    Column("look_at", BigInteger, nullable=False),
    Column("payload", Text, nullable=False, server_default=""),
    Column("state", String(8), nullable=False, server_default="set"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", String(300), nullable=False, server_default=""),
    CheckConstraint("state in ('set', 'dead')", "state"),
    Index(None, "state", "look_at"),
    comment="What is to happen at a time. A timer that fired is gone: its row goes in the transaction of its effect.",
)

delivery = Table(
    "delivery",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("id", String(30), nullable=False),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("target", String(30), nullable=False),
    Column("order_key", String(40), nullable=False),
    Column("source", String(80), nullable=False),
    Column("topic", String(60), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(8), nullable=False, server_default="due"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("lease", String(36)),
    Column("lease_until", BigInteger),
    Column("settled_at", BigInteger),
    Column("reason", String(300), nullable=False, server_default=""),
    UniqueConstraint("id"),
    UniqueConstraint("channel", "target", "source"),
    CheckConstraint("state in ('due', 'trying', 'sent', 'unknown', 'dead')", "state"),
    Index("ix_delivery_due", "channel", "target", "state", "due_at"),
    Index("ix_delivery_lane", "channel", "target", "order_key", "number"),
    Index("ix_delivery_log", "channel", "target", "number"),
    Index(None, "settled_at"),
    comment="What leaves for the outside world. ``number`` orders a lane: the deliveries of one target and order key.",
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("delivery", _NUMBER, ForeignKey("delivery.number"), primary_key=True, autoincrement=False),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("result", String(8), nullable=False),
    Column("status", Integer),
    Column("reason", String(300), nullable=False, server_default=""),
    Column("request", Text, nullable=False, server_default=""),
    Column("response", Text, nullable=False, server_default=""),
)

delivery_target = Table(
    "delivery_target",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("id", String(30), primary_key=True),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failing_since", BigInteger),
    Column("open_until", BigInteger, nullable=False, server_default="0"),
    Column("told_at", BigInteger),
    comment="Where deliveries go and how it fares: its breaker is open until ``open_until``.",
)

listener = Table(
    "listener",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False, server_default="0"),
    comment="How far each listener has read the log, as a global position.",
)
