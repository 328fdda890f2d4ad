"""The tables of the spine. Migrations stand in ``desk/migrations``; a test compares both."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", String(30), primary_key=True)


def _organisation() -> Column[str]:
    return Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False)


def _at(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _text(name: str, length: int = 200, default: str | None = "") -> Column[str]:
    return Column(name, String(length), nullable=False, server_default=default)


history = Table(
    "history",
    metadata,
    Column("epoch", String(36), primary_key=True),
    comment="One row: the id of this database's history; a restore from backup writes a new one.",
)

organisation = Table(
    "organisation",
    metadata,
    _id(),
    _text("name"),
    Column("last_number", Integer, nullable=False, server_default="0"),
    _at("created_at"),
)

team = Table(
    "team", metadata, _id(), _organisation(), _text("name"), UniqueConstraint("organisation", "name")
)

agent = Table(
    "agent",
    metadata,
    _id(),
    _organisation(),
    Column("email", String(254), nullable=False),
    _text("name"),
    Column("kind", String(10), nullable=False, server_default="person"),
    Column("role", String(12), nullable=False),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("status", String(10), nullable=False, server_default="online"),
    Column("language", String(2), nullable=False, server_default="nl"),
    Column("password_hash", String(200), nullable=False, server_default=""),
    _at("created_at"),
    _text("away_reason", 12),
    UniqueConstraint("email"),
    CheckConstraint("kind in ('person', 'bot')", "kind"),
    CheckConstraint("role in ('admin', 'supervisor', 'agent')", "role"),
    CheckConstraint("status in ('online', 'away')", "status"),
    Index(None, "organisation"),
)

team_member = Table(
    "team_member",
    metadata,
    Column("team", String(30), ForeignKey("team.id"), primary_key=True),
    Column("agent", String(30), ForeignKey("agent.id"), primary_key=True),
)

calendar = Table(
    "calendar",
    metadata,
    _id(),
    _organisation(),
    Column("version", Integer, nullable=False),
    _text("name"),
    Column("body", Text, nullable=False),
    _at("changed_at"),
    Index(None, "organisation"),
    comment="When desks are open; ``body``: the calendar as JSON, which is read whole or not at all.",
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    _organisation(),
    Column("team", String(30), ForeignKey("team.id")),
    Column("kind", String(12), nullable=False, server_default="web"),
    _text("name"),
    Column("key", String(40), nullable=False),
    Column("language", String(2), nullable=False, server_default="nl"),
    Column("allowed_origins", Text, nullable=False, server_default="[]"),
    Column("reopen_within_s", Integer, nullable=False, server_default="86400"),
    _at("created_at"),
    Column("calendar", String(30)),
    UniqueConstraint("key"),
    Index(None, "organisation"),
)

contact = Table(
    "contact",
    metadata,
    _id(),
    _organisation(),
    _text("name"),
    _text("email", 254),
    _text("phone", 40),
    Column("language", String(2), nullable=False, server_default="nl"),
    _at("created_at"),
    Index(None, "organisation", "email"),
)

visitor = Table(
    "visitor",
    metadata,
    _id(),
    _organisation(),
    Column("inbox", String(30), ForeignKey("inbox.id"), nullable=False),
    Column("contact", String(30), ForeignKey("contact.id")),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("previous_hash", LargeBinary(32)),
    _at("previous_until", nullable=True),
    _text("origin", 300),
    _text("name"),
    _text("email", 254),
    _text("device"),
    Column("language", String(2), nullable=False, server_default="nl"),
    _at("created_at"),
    _at("rotated_at"),
    _at("expires_at"),
    UniqueConstraint("token_hash"),
    Index("ix_visitor_previous_hash", "previous_hash"),
    Index(None, "contact"),
    comment="A browser with a token: an address of kind visitor, and a contact from its first message on.",
)

conversation = Table(
    "conversation",
    metadata,
    _id(),
    _organisation(),
    Column("inbox", String(30), ForeignKey("inbox.id"), nullable=False),
    Column("contact", String(30), ForeignKey("contact.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("assignee", String(30), ForeignKey("agent.id")),
    Column("assignee_actor", Text),
    Column("language", String(2), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    _at("opened_at"),
    _at("closed_at", nullable=True),
    _at("last_at"),
    Column("last", Text),
    _at("waiting_since", nullable=True),
    Column("visitor_delivered", Integer, nullable=False, server_default="0"),
    Column("visitor_read", Integer, nullable=False, server_default="0"),
    Column("desk_delivered", Integer, nullable=False, server_default="0"),
    Column("desk_read", Integer, nullable=False, server_default="0"),
    Column("visitor_unread", Integer, nullable=False, server_default="0"),
    Column("desk_unread", Integer, nullable=False, server_default="0"),
    UniqueConstraint("organisation", "number"),
    CheckConstraint("status in ('open', 'closed')", "status"),
    Index(None, "organisation", "status", "closed_at"),
    Index(None, "contact"),
    comment="A projection of its stream: seq and chain are the stream's head.",
)

stream = Table(
    "stream",
    metadata,
    _id(),
    _organisation(),
    Column("seq", Integer, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    comment="Heads of the agents' and organisations' streams; conversations carry their own.",
)

fact = Table(
    "fact",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("organisation", String(30), nullable=False),
    Column("inbox", String(30)),
    Column("stream", String(30), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("actor_kind", String(8), nullable=False),
    Column("actor", String(30), nullable=False),
    Column("actor_name", String(200), nullable=False),
    Column("body", Text),
    Column("salt", LargeBinary(16)),
    Column("digest", LargeBinary(32), nullable=False),
    Column("chain", LargeBinary(32), nullable=False),
    UniqueConstraint("stream", "seq"),
    comment="The log. Never changed; erasing a text empties body and salt and leaves digest and chain.",
)

message = Table(
    "message",
    metadata,
    # External ids first: they sort by time, so inserts touch the right edge of the index and not a page per sender.
    Column("external_id", String(200), primary_key=True),
    Column("sender", String(30), primary_key=True),
    Column("inbox", String(30), primary_key=True),
    Column("organisation", String(30), primary_key=True),
    Column("conversation", String(30), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="Which message is which fact: the narrow key that makes a repeat harmless (I2). The text is in the fact.",
)

draft = Table(
    "draft",
    metadata,
    Column("agent", String(30), ForeignKey("agent.id"), primary_key=True),
    Column("conversation", String(30), ForeignKey("conversation.id"), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("text", Text, nullable=False),
    _at("at"),
)

page_view = Table(
    "page_view",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _organisation(),
    Column("visitor", String(30), ForeignKey("visitor.id"), nullable=False),
    Column("visit", String(36), nullable=False),
    _text("url", 2000),
    _text("title", 300),
    _text("tab", 40),
    _at("at"),
    Index(None, "visitor", "at"),
)

blob = Table(
    "blob",
    metadata,
    Column("key", String(80), primary_key=True),
    _organisation(),
    Column("size", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    _at("created_at"),
    Index(None, "organisation"),
    comment="What lies in the store of blobs and must be found there as it is. Noted after it was put; never changed.",
)

blob_removal = Table(
    "blob_removal",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("look_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Index(None, "look_at"),
    comment="What nothing refers to any more and still has to leave the store of blobs; gone once it has.",
)
