"""clinics that were asked see the call; what families heard; what was asked, and which links, before a reopening

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('calls', sa.Column('guests', sa.Text(), server_default='[]', nullable=False))
    op.add_column('calls', sa.Column('family_told', sa.String(length=60), server_default='', nullable=False))
    op.add_column('calls', sa.Column('family_told_at', sa.BigInteger(), nullable=True))
    op.add_column('responders', sa.Column('former', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('feedback_links', sa.Column('ended_by', sa.String(length=12), nullable=True))
    op.add_column('events', sa.Column('guests', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('events', 'guests')
    op.drop_column('feedback_links', 'ended_by')
    op.drop_column('responders', 'former')
    for name in ('family_told_at', 'family_told', 'guests'):
        op.drop_column('calls', name)
