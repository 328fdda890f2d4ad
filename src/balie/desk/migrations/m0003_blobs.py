"""The register of what lies in the store of blobs."""

import sqlalchemy as sa
from alembic import op

revision = "desk_0003"
down_revision = "desk_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("organisation", sa.String(length=30), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=op.f("fk_blob_organisation")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_blob")),
        comment=(
            "What lies in the store of blobs and must be found there as it is."
            " Noted after it was put; never changed."
        ),
    )
    op.create_index(op.f("ix_blob_organisation"), "blob", ["organisation"])


def downgrade() -> None:
    op.drop_table("blob")
