"""The slice's table."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint

from balie.desk.tables import metadata

reply = Table(
    "reply",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("shortcut", String(40), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(2), nullable=False, server_default=""),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("organisation", "shortcut", "language"),
    CheckConstraint("language in ('nl', 'en', '')", "language"),
)
