"""The table of canned replies."""

import sqlalchemy as sa
from alembic import op

revision = "replies_0001"
down_revision = None
branch_labels = ("replies",)
depends_on = "desk_0001"


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), server_default="", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("language in ('nl', 'en', '')", name=op.f("ck_reply_language")),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_reply_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint(
            "organisation", "shortcut", "language", name=op.f("uq_reply_organisation_shortcut_language")
        ),
    )


def downgrade() -> None:
    op.drop_table("reply")
