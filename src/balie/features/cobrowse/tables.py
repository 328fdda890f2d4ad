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
    Column("recording", Text),
    Column("away", String(10)),
    CheckConstraint("state in ('invited', 'code', 'asking', 'viewing', 'paused', 'ended')", "state"),
    Index("uq_look_live_contact", "contact", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    Index(
        "uq_look_live_conversation", "conversation", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    ),
    Index("uq_look_code", "organisation", "code_digest", unique=True),
    Index(None, "conversation", "created_at"),
    Index(None, "inbox", "created_at"),
    comment="Looks: agents who look along. Agents stand here as JSON, with the name the visitor consented to."
    " ``mirror``: the number of the visitor's ticket whose socket came last; ``since``: the global position at its"
    " beginning. A code is here as a digest, while it is good.",
)

look_recording = Table(
    "look_recording",
    metadata,
    Column("look", String(30), ForeignKey("look.id"), primary_key=True),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("key", LargeBinary),
    Column("days", Integer, nullable=False),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("pieces", Integer, nullable=False, server_default="0"),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("removes_at", BigInteger),
    Column("removed_at", BigInteger),
    Index(None, "organisation"),
    comment="What the visitor let us record of a look. ``key`` opens its pieces, and is itself sealed by the desk's"
    " secret, which stands in no database; it is gone once the recording is removed. ``pieces`` counts all there ever"
    " were; ``size`` their bytes.",
)

look_piece = Table(
    "look_piece",
    metadata,
    Column("look", String(30), ForeignKey("look_recording.look"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("blob", String(80), nullable=False),
    Column("from_ms", BigInteger, nullable=False),
    Column("to_ms", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    comment="Where the pieces of a recording lie in the store of blobs. Times since its beginning; ``size`` in bytes"
    " before sealing.",
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
