"""templates of broadcasts, and the first four: what every county begins with and may change

Revision ID: 0006
Revises: 0005
"""

import tomllib
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

FIRST = Path(__file__).with_suffix('.toml')


def upgrade() -> None:
    table = op.create_table('broadcast_templates',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast_templates'))
    )
    rows = tomllib.loads(FIRST.read_text(encoding='utf-8'))['templates']
    op.bulk_insert(table, [{**row, 'text': row['text'].strip(), 'changed_at': 0, 'changed_by': ''} for row in rows])


def downgrade() -> None:
    op.drop_table('broadcast_templates')
