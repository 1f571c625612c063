"""presence of devices

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('device_presence',
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('presence', sa.String(length=8), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['device'], ['devices.id'], name=op.f('fk_device_presence_device')),
    sa.PrimaryKeyConstraint('device', name=op.f('pk_device_presence'))
    )


def downgrade() -> None:
    op.drop_table('device_presence')
