"""The tables of looks and of what may be seen in them."""

import sqlalchemy as sa
from alembic import op

revision = "cobrowse_0001"
down_revision = None
branch_labels = ("cobrowse",)
depends_on = "desk_0002"

_LIVE = sa.text("state <> 'ended'")


def upgrade() -> None:
    _looks()
    _policies()


def _looks() -> None:
    op.create_table(
        "look",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("inbox", sa.String(length=30), nullable=False),
        sa.Column("contact", sa.String(length=30), nullable=False),
        sa.Column("conversation", sa.String(length=30)),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("paused_by", sa.String(length=10)),
        sa.Column("agent", sa.Text()),
        sa.Column("controller", sa.Text()),
        sa.Column("scroll_until", sa.BigInteger()),
        sa.Column("act_until", sa.BigInteger()),
        sa.Column("asked", sa.Text()),
        sa.Column("code_digest", sa.LargeBinary(length=32)),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("consent_text", sa.String(length=40)),
        sa.Column("language", sa.String(length=2)),
        sa.Column("address", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("end_reason", sa.String(length=20)),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("tickets", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mirror", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state in ('invited', 'code', 'asking', 'viewing', 'paused', 'ended')", name=op.f("ck_look_state")
        ),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_look_organisation")),
        sa.ForeignKeyConstraint(["inbox"], ["inbox.id"], name=op.f("fk_look_inbox")),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_look_contact")),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name=op.f("fk_look_conversation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
        comment="Looks: agents who look along. Agents stand here as JSON, with the name the visitor consented to."
        " ``mirror``: the number of the visitor's ticket whose socket came last; ``since``: the global position at its"
        " beginning. A code is here as a digest, while it is good.",
    )
    for name, column in (("uq_look_live_contact", "contact"), ("uq_look_live_conversation", "conversation")):
        op.create_index(name, "look", [column], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index("uq_look_code", "look", ["organisation", "code_digest"], unique=True)
    op.create_index(op.f("ix_look_conversation_created_at"), "look", ["conversation", "created_at"])


def _policies() -> None:
    op.create_table(
        "looking_policy",
        sa.Column("inbox", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("profile", sa.String(length=10), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "profile in ('open', 'normal', 'regulated')", name=op.f("ck_looking_policy_profile")
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_looking_policy_organisation")
        ),
        sa.ForeignKeyConstraint(["inbox"], ["inbox.id"], name=op.f("fk_looking_policy_inbox")),
        sa.PrimaryKeyConstraint("inbox", "version", name=op.f("pk_looking_policy")),
        comment="What each inbox lets its agents see; a version never changes, for consent was given under it.",
    )
    op.create_index(op.f("ix_looking_policy_organisation"), "looking_policy", ["organisation"])


def downgrade() -> None:
    op.drop_table("look")
    op.drop_table("looking_policy")
