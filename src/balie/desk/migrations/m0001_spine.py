"""The spine's first schema."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "desk_0001"
down_revision = None
branch_labels = ("desk",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("inbox", sa.String(length=30), nullable=True),
        sa.Column("stream", sa.String(length=30), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor", sa.String(length=30), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_fact")),
        sa.UniqueConstraint("stream", "seq", name=op.f("uq_fact_stream_seq")),
        comment="The log. Never changed; erasing a text empties body and salt and leaves digest and chain.",
    )
    op.create_table(
        "history",
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_history")),
        comment="One row: the id of this database's history; a restore from backup writes a new one.",
    )
    op.create_table(
        "message",
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.String(length=30), nullable=False),
        sa.Column("inbox", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("conversation", sa.String(length=30), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("external_id", "sender", "inbox", "organisation", name=op.f("pk_message")),
        comment=(
            "Which message is which fact: the narrow key that makes a repeat harmless (I2). The text is in the fact."
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("last_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "agent",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=10), server_default="person", nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("status", sa.String(length=10), server_default="online", nullable=False),
        sa.Column("language", sa.String(length=2), server_default="nl", nullable=False),
        sa.Column("password_hash", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind in ('person', 'bot')", name=op.f("ck_agent_kind")),
        sa.CheckConstraint("role in ('admin', 'supervisor', 'agent')", name=op.f("ck_agent_role")),
        sa.CheckConstraint("status in ('online', 'away')", name=op.f("ck_agent_status")),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_agent_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("email", name=op.f("uq_agent_email")),
    )
    op.create_index(op.f("ix_agent_organisation"), "agent", ["organisation"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=40), server_default="", nullable=False),
        sa.Column("language", sa.String(length=2), server_default="nl", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_contact_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_organisation_email"), "contact", ["organisation", "email"], unique=False)
    op.create_table(
        "stream",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_stream_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream")),
        comment="Heads of the agents' and organisations' streams; conversations carry their own.",
    )
    op.create_table(
        "team",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_team_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("organisation", "name", name=op.f("uq_team_organisation_name")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("team", sa.String(length=30), nullable=True),
        sa.Column("kind", sa.String(length=12), server_default="web", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), server_default="nl", nullable=False),
        sa.Column("allowed_origins", sa.Text(), server_default="[]", nullable=False),
        sa.Column("reopen_within_s", sa.Integer(), server_default="86400", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_inbox_organisation")),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name=op.f("fk_inbox_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_key")),
    )
    op.create_index(op.f("ix_inbox_organisation"), "inbox", ["organisation"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("team", sa.String(length=30), nullable=False),
        sa.Column("agent", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_team_member_agent")),
        sa.ForeignKeyConstraint(["team"], ["team.id"], name=op.f("fk_team_member_team")),
        sa.PrimaryKeyConstraint("team", "agent", name=op.f("pk_team_member")),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("inbox", sa.String(length=30), nullable=False),
        sa.Column("contact", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("assignee", sa.String(length=30), nullable=True),
        sa.Column("assignee_actor", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.Text(), nullable=True),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("visitor_delivered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("visitor_read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("desk_delivered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("desk_read", sa.Integer(), server_default="0", nullable=False),
        sa.Column("visitor_unread", sa.Integer(), server_default="0", nullable=False),
        sa.Column("desk_unread", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("status in ('open', 'closed')", name=op.f("ck_conversation_status")),
        sa.ForeignKeyConstraint(["assignee"], ["agent.id"], name=op.f("fk_conversation_assignee")),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_conversation_contact")),
        sa.ForeignKeyConstraint(["inbox"], ["inbox.id"], name=op.f("fk_conversation_inbox")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_conversation_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("organisation", "number", name=op.f("uq_conversation_organisation_number")),
        comment="A projection of its stream: seq and chain are the stream's head.",
    )
    op.create_index(op.f("ix_conversation_contact"), "conversation", ["contact"], unique=False)
    op.create_index(
        op.f("ix_conversation_organisation_status_closed_at"),
        "conversation",
        ["organisation", "status", "closed_at"],
        unique=False,
    )
    op.create_table(
        "visitor",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("inbox", sa.String(length=30), nullable=False),
        sa.Column("contact", sa.String(length=30), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("previous_until", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.String(length=300), server_default="", nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.Column("device", sa.String(length=200), server_default="", nullable=False),
        sa.Column("language", sa.String(length=2), server_default="nl", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("rotated_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_visitor_contact")),
        sa.ForeignKeyConstraint(["inbox"], ["inbox.id"], name=op.f("fk_visitor_inbox")),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_visitor_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_visitor_token_hash")),
        comment="A browser with a token: an address of kind visitor, and a contact from its first message on.",
    )
    op.create_index(op.f("ix_visitor_contact"), "visitor", ["contact"], unique=False)
    op.create_index("ix_visitor_previous_hash", "visitor", ["previous_hash"], unique=False)
    op.create_table(
        "draft",
        sa.Column("agent", sa.String(length=30), nullable=False),
        sa.Column("conversation", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name=op.f("fk_draft_agent")),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name=op.f("fk_draft_conversation")),
        sa.PrimaryKeyConstraint("agent", "conversation", "kind", name=op.f("pk_draft")),
    )
    op.create_table(
        "page_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("visitor", sa.String(length=30), nullable=False),
        sa.Column("visit", sa.String(length=36), nullable=False),
        sa.Column("url", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("title", sa.String(length=300), server_default="", nullable=False),
        sa.Column("tab", sa.String(length=40), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_page_view_organisation")
        ),
        sa.ForeignKeyConstraint(["visitor"], ["visitor.id"], name=op.f("fk_page_view_visitor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_view")),
    )
    op.create_index(op.f("ix_page_view_visitor_at"), "page_view", ["visitor", "at"], unique=False)
    op.execute(sa.text("insert into history (epoch) values (:epoch)").bindparams(epoch=str(uuid.uuid4())))
