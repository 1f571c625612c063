"""who is called: plans and their versions, duty rosters, notices that come once

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('policies',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('steps', sa.Text(), nullable=False),
    sa.Column('current', sa.Boolean(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('by_id', sa.String(length=40), nullable=False),
    sa.Column('by_name', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', 'version', name=op.f('pk_policies'))
    )
    op.create_index('uq_policies_area', 'policies', ['area'], unique=True,
                    sqlite_where=sa.text('current'), postgresql_where=sa.text('current'))
    op.create_table('rosters',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('area', sa.String(length=32), nullable=False),
    sa.Column('clinic', sa.String(length=40), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('shifts', sa.Text(), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['area'], ['areas.code'], name=op.f('fk_rosters_area')),
    sa.ForeignKeyConstraint(['clinic'], ['clinics.id'], name=op.f('fk_rosters_clinic')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rosters')),
    sa.UniqueConstraint('place', name=op.f('uq_rosters_place'))
    )
    op.create_index(op.f('ix_rosters_area'), 'rosters', ['area'], unique=False)
    op.add_column('calls', sa.Column('plan', sa.String(length=60), nullable=True))
    op.add_column('calls', sa.Column('begun_at', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('calls', sa.Column('loud', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('notices', sa.Column('key', sa.String(length=200), nullable=True))
    op.create_index('uq_notices_key', 'notices', ['key'], unique=True)


def downgrade() -> None:
    op.drop_index('uq_notices_key', table_name='notices')
    op.drop_column('notices', 'key')
    for name in ('loud', 'begun_at', 'plan'):
        op.drop_column('calls', name)
    op.drop_table('rosters')
    op.drop_index('uq_policies_area', table_name='policies')
    op.drop_table('policies')
