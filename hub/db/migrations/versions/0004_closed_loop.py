"""the closed loop of a call: responders, links for feedback, what a holder has to do

Revision ID: 0004
Revises: 0003
"""

import time

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TIMES = ('promised_at', 'accepted_at', 'declined_at', 'no_answer_at', 'on_the_way_at', 'arrived_at', 'done_at')
NEW_OF_CALLS = (
    ('answered_at', sa.BigInteger()),
    ('lapses_at', sa.BigInteger()),
    ('scene_due_at', sa.BigInteger()),
    ('coming', sa.String(length=80)),
    ('feedback_by', sa.String(length=16)),
    ('merged_into', sa.String(length=40)),
)


def upgrade() -> None:
    status = sa.Column('status', sa.String(length=16), server_default='home', nullable=False)
    op.add_column('residents', status)
    for name, kind in NEW_OF_CALLS:
        op.add_column('calls', sa.Column(name, kind, nullable=True))
    op.create_index(op.f('ix_calls_merged_into'), 'calls', ['merged_into'], unique=False)
    _responders()
    op.create_table('feedback_links',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('call', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_feedback_links'))
    )
    op.create_index(op.f('ix_feedback_links_call'), 'feedback_links', ['call'], unique=False)
    op.create_index(op.f('ix_feedback_links_expires_at'), 'feedback_links', ['expires_at'], unique=False)
    _give_time_to_holders()


def _give_time_to_holders() -> None:
    """Calls that somebody has while the hub is upgraded lapse like all others: five minutes from now."""
    now = int(time.time() * 1000)
    held = "state IN ('answered', 'dispatched', 'on_scene') AND holder_id IS NOT NULL"
    op.execute(f"UPDATE calls SET lapses_at = {now + 300_000} WHERE {held}")
    remind = f"SELECT id, 'case.remind', {now + 240_000}, 0 FROM calls WHERE {held}"
    op.execute(f"INSERT INTO timers (call, step, due_at, attempts) {remind}")


def _responders() -> None:
    op.create_table('responders',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('call', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('ref', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('spoken', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_plan', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    *(sa.Column(name, sa.BigInteger(), nullable=True) for name in TIMES),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_responders'))
    )
    op.create_index('uq_responders_call_kind_ref', 'responders', ['call', 'kind', 'ref'], unique=True)


def downgrade() -> None:
    op.drop_table('feedback_links')
    op.drop_table('responders')
    op.drop_index(op.f('ix_calls_merged_into'), table_name='calls')
    for name, _ in reversed(NEW_OF_CALLS):
        op.drop_column('calls', name)
    op.drop_column('residents', 'status')
