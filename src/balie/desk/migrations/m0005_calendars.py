"""When desks are open."""

import sqlalchemy as sa
from alembic import op

revision = "desk_0005"
down_revision = "desk_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_calendar_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        comment="When desks are open; ``body``: the calendar as JSON, which is read whole or not at all.",
    )
    op.create_index(op.f("ix_calendar_organisation"), "calendar", ["organisation"])
    # No foreign key: SQLite would have to write the whole table anew. Who removes a calendar locks it first.
    op.add_column("inbox", sa.Column("calendar", sa.String(length=30)))


def downgrade() -> None:
    op.drop_column("inbox", "calendar")
    op.drop_table("calendar")
