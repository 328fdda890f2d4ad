"""What has to leave the store of blobs."""

import sqlalchemy as sa
from alembic import op

revision = "desk_0004"
down_revision = "desk_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob_removal",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_blob_removal")),
        comment=(
            "What nothing refers to any more and still has to leave the store of blobs; gone once it has."
        ),
    )
    op.create_index(op.f("ix_blob_removal_look_at"), "blob_removal", ["look_at"])


def downgrade() -> None:
    op.drop_table("blob_removal")
