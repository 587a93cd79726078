"""Live speech: streams, the servers that carry them, and who listens to a call."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('media_servers',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('streams', sa.Integer(), nullable=False),
    sa.Column('room', Json, nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_media_servers'))
    )
    op.create_table('streams',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=43), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('stream_sid', sa.String(length=64), nullable=True),
    sa.Column('offered_at', UtcDateTime(), nullable=False),
    sa.Column('began_at', UtcDateTime(), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('why', sa.String(length=32), nullable=False),
    sa.Column('said', sa.Boolean(), nullable=False),
    sa.Column('hearing', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_streams_call_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_streams')),
    sa.UniqueConstraint('key', name=op.f('uq_streams_key'))
    )
    with op.batch_alter_table('streams', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_streams_call_id'), ['call_id'], unique=False)

    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ear', sa.String(length=16), nullable=False, server_default='carrier'))

    with op.batch_alter_table('lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ear', sa.String(length=16), nullable=False, server_default=''))

    with op.batch_alter_table('turns', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verbs', Json, nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('turns', schema=None) as batch_op:
        batch_op.drop_column('verbs')

    with op.batch_alter_table('lines', schema=None) as batch_op:
        batch_op.drop_column('ear')

    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.drop_column('ear')

    with op.batch_alter_table('streams', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_streams_call_id'))

    op.drop_table('streams')
    op.drop_table('media_servers')
