"""Tables of the edge: sign-ins, remembered answers and tickets. Migrations stand in ``edge/migrations``."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table, Text

from balie.desk.tables import metadata

agent_session = Table(
    "agent_session",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("agent", String(30), ForeignKey("agent.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "agent"),
    Index(None, "expires_at"),
    comment="A signed-in browser. Its token is known to the browser only; here stands the SHA-256.",
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("organisation", String(30), ForeignKey("organisation.id"), primary_key=True),
    Column("agent", String(30), ForeignKey("agent.id"), primary_key=True),
    Column("route", String(100), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_digest", LargeBinary(32), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "created_at"),
    comment="The answer a POST got, so that a repeat with the same Idempotency-Key gets it again.",
)

ticket = Table(
    "ticket",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("claims", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "expires_at"),
    comment="A ticket for a socket that was issued while the leases were away; gone when used.",
)
