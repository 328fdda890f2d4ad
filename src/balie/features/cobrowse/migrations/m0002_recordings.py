"""Recordings of looks, and their pieces."""

import sqlalchemy as sa
from alembic import op

revision = "cobrowse_0002"
down_revision = "cobrowse_0001"
branch_labels = None
depends_on = "desk_0004"


def upgrade() -> None:
    op.add_column("look", sa.Column("recording", sa.Text()))
    op.create_table(
        "look_recording",
        sa.Column("look", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("key", sa.LargeBinary()),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pieces", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("removes_at", sa.BigInteger()),
        sa.Column("removed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["look"], ["look.id"], name=op.f("fk_look_recording_look")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_look_recording_organisation")
        ),
        sa.PrimaryKeyConstraint("look", name=op.f("pk_look_recording")),
        comment=(
            "What the visitor let us record of a look. ``key`` opens its pieces, and is itself sealed by the desk's"
            " secret, which stands in no database; it is gone once the recording is removed. ``pieces`` counts all"
            " there ever were; ``size`` their bytes."
        ),
    )
    op.create_index(op.f("ix_look_recording_organisation"), "look_recording", ["organisation"])
    op.create_table(
        "look_piece",
        sa.Column("look", sa.String(length=30), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("to_ms", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["look"], ["look_recording.look"], name=op.f("fk_look_piece_look")),
        sa.PrimaryKeyConstraint("look", "n", name=op.f("pk_look_piece")),
        comment=(
            "Where the pieces of a recording lie in the store of blobs. Times since its beginning; ``size`` in bytes"
            " before sealing."
        ),
    )


def downgrade() -> None:
    op.drop_table("look_piece")
    op.drop_table("look_recording")
    with op.batch_alter_table("look") as table:
        table.drop_column("recording")
