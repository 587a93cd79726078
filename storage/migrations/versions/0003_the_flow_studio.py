"""The flow studio: saved tests, samples, what was missed, and what a number does."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('flow_samples',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('flow_id', sa.Integer(), nullable=False),
    sa.Column('node', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('body', Json, nullable=False),
    sa.ForeignKeyConstraint(['flow_id'], ['flows.id'], name=op.f('fk_flow_samples_flow_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_samples')),
    sa.UniqueConstraint('flow_id', 'node', 'name', name=op.f('uq_flow_samples_flow_id_node_name'))
    )
    with op.batch_alter_table('flow_samples', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flow_samples_flow_id'), ['flow_id'], unique=False)

    op.create_table('flow_tests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('flow_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('scenario', Json, nullable=False),
    sa.Column('origin', sa.String(length=16), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('updated_at', UtcDateTime(), nullable=False),
    sa.Column('updated_by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['flow_id'], ['flows.id'], name=op.f('fk_flow_tests_flow_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flow_tests')),
    sa.UniqueConstraint('flow_id', 'name', name=op.f('uq_flow_tests_flow_id_name'))
    )
    with op.batch_alter_table('flow_tests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flow_tests_flow_id'), ['flow_id'], unique=False)

    op.create_table('missed_marks',
    sa.Column('turn_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('meant', sa.String(length=80), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['turn_id'], ['turns.id'], name=op.f('fk_missed_marks_turn_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('turn_id', name=op.f('pk_missed_marks'))
    )
    with op.batch_alter_table('lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('zone', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('hours', Json, nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('closed_flow_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('runs_draft', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('records_calls', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(batch_op.f('fk_lines_closed_flow_id'), 'flows', ['closed_flow_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('recordings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('whole_call', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('started_at', UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('recordings', schema=None) as batch_op:
        batch_op.drop_column('started_at')
        batch_op.drop_column('whole_call')

    with op.batch_alter_table('lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_lines_closed_flow_id'), type_='foreignkey')
        batch_op.drop_column('records_calls')
        batch_op.drop_column('runs_draft')
        batch_op.drop_column('closed_flow_id')
        batch_op.drop_column('hours')
        batch_op.drop_column('zone')
        batch_op.drop_column('language')

    op.drop_table('missed_marks')
    with op.batch_alter_table('flow_tests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flow_tests_flow_id'))

    op.drop_table('flow_tests')
    with op.batch_alter_table('flow_samples', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_flow_samples_flow_id'))

    op.drop_table('flow_samples')
