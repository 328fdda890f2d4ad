"""The slice's tables."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from balie.desk.tables import metadata

_LIVE = text("state <> 'ended'")

look = Table(
    "look",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("inbox", String(30), ForeignKey("inbox.id"), nullable=False),
    Column("contact", String(30), ForeignKey("contact.id"), nullable=False),
    Column("conversation", String(30), ForeignKey("conversation.id")),
    Column("state", String(10), nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("paused_by", String(10)),
    Column("agent", Text),
    Column("controller", Text),
    Column("scroll_until", BigInteger),
    Column("act_until", BigInteger),
    Column("asked", Text),
    Column("code_digest", LargeBinary(32)),
    Column("policy_version", Integer, nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("consent_text", String(40)),
    Column("language", String(2)),
    Column("address", String(2000), nullable=False, server_default=""),
    Column("expires_at", BigInteger),
    Column("end_reason", String(20)),
    Column("since", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("accepted_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("touched_at", BigInteger, nullable=False),
    Column("tickets", Integer, nullable=False, server_default="0"),
    Column("mirror", Integer, nullable=False, server_default="0"),
    CheckConstraint("state in ('invited', 'code', 'asking', 'viewing', 'paused', 'ended')", "state"),
    Index("uq_look_live_contact", "contact", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index(
        "uq_look_live_conversation", "conversation", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    ),
    Index("uq_look_code", "organisation", "code_digest", unique=True),
    Index(None, "conversation", "created_at"),
    comment="Looks: agents who look along. Agents stand here as JSON, with the name the visitor consented to."
    " ``mirror``: the number of the visitor's ticket whose socket came last; ``since``: the global position at its"
    " beginning. A code is here as a digest, while it is good.",
)

looking_policy = Table(
    "looking_policy",
    metadata,
    Column("inbox", String(30), ForeignKey("inbox.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("profile", String(10), nullable=False),
    Column("policy", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("agent", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint("profile in ('open', 'normal', 'regulated')", "profile"),
    Index(None, "organisation"),
    comment="What each inbox lets its agents see; a version never changes, for consent was given under it.",
)
