"""The slice's table."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, String, Table, true

from balie.desk.tables import metadata

webhook = Table(
    "webhook",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("organisation", String(30), ForeignKey("organisation.id"), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("description", String(200), nullable=False, server_default=""),
    Column("events", String(500), nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("off_reason", String(10), nullable=False, server_default=""),
    Column("secret", String(100), nullable=False),
    Column("old_secret", String(100), nullable=False, server_default=""),
    Column("old_secret_until", BigInteger),
    Column("since", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    CheckConstraint("off_reason in ('', 'person', 'gone', 'failing')", "off_reason"),
    Index(None, "organisation"),
    comment="Endpoints. ``since``: the global position after which facts are theirs. Secrets sign, so they stand here"
    " as they are.",
)
