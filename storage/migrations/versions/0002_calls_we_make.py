"""Calls we make: campaigns, cases, attempts, consents, rules, imports, tallies, keys and webhooks of programs."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('api_keys',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('scopes', Json, nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('expires_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.Column('revoked_by', sa.String(length=120), nullable=False),
    sa.Column('last_used_at', UtcDateTime(), nullable=True),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('public_id', name=op.f('uq_api_keys_public_id'))
    )
    op.create_table('column_memory',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_column_memory'))
    )
    op.create_table('happening_cursors',
    sa.Column('reader', sa.String(length=60), nullable=False),
    sa.Column('last_id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('reader', name=op.f('pk_happening_cursors'))
    )
    op.create_table('happenings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('payload', Json, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_happenings'))
    )
    with op.batch_alter_table('happenings', schema=None) as batch_op:
        batch_op.create_index('ix_happenings_at', ['at'], unique=False)

    op.create_table('pace',
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('tat', UtcDateTime(), nullable=False),
    sa.Column('served', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_pace'))
    )
    op.create_table('webhook_endpoints',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('kinds', Json, nullable=False),
    sa.Column('secret', sa.String(length=80), nullable=False),
    sa.Column('old_secret', sa.String(length=80), nullable=False),
    sa.Column('old_secret_until', UtcDateTime(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('disabled_reason', sa.Text(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', UtcDateTime(), nullable=True),
    sa.Column('last_success_at', UtcDateTime(), nullable=True),
    sa.Column('retry_at', UtcDateTime(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_endpoints'))
    )
    op.create_table('api_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=240), nullable=False),
    sa.Column('api_key_id', sa.Integer(), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('location', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['api_key_id'], ['api_keys.id'], name=op.f('fk_api_answers_api_key_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_answers')),
    sa.UniqueConstraint('name', name=op.f('uq_api_answers_name'))
    )
    with op.batch_alter_table('api_answers', schema=None) as batch_op:
        batch_op.create_index('ix_api_answers_at', ['at'], unique=False)

    op.create_table('webhook_deliveries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('endpoint_id', sa.Integer(), nullable=False),
    sa.Column('happening_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('message_id', sa.String(length=80), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('next_at', UtcDateTime(), nullable=True),
    sa.Column('last_status', sa.Integer(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.Column('log', Json, nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('delivered_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['endpoint_id'], ['webhook_endpoints.id'], name=op.f('fk_webhook_deliveries_endpoint_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_deliveries')),
    sa.UniqueConstraint('key', name=op.f('uq_webhook_deliveries_key'))
    )
    with op.batch_alter_table('webhook_deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_webhook_deliveries_created_at', ['created_at'], unique=False)
        batch_op.create_index('ix_webhook_deliveries_endpoint_id_id', ['endpoint_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_webhook_deliveries_happening_id'), ['happening_id'], unique=False)

    op.create_table('campaigns',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('standing', sa.Boolean(), nullable=False),
    sa.Column('is_template', sa.Boolean(), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('flow_name', sa.String(length=60), nullable=False),
    sa.Column('flow_b_name', sa.String(length=60), nullable=False),
    sa.Column('share_b', sa.Double(), nullable=False),
    sa.Column('flow_version_id', sa.Integer(), nullable=True),
    sa.Column('flow_b_version_id', sa.Integer(), nullable=True),
    sa.Column('tested_version_ids', Json, nullable=False),
    sa.Column('caller_numbers', Json, nullable=False),
    sa.Column('region', sa.String(length=2), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('law', sa.String(length=40), nullable=False),
    sa.Column('hours', Json, nullable=False),
    sa.Column('retries', Json, nullable=False),
    sa.Column('pacing', Json, nullable=False),
    sa.Column('breaker', Json, nullable=False),
    sa.Column('machine', sa.String(length=16), nullable=False),
    sa.Column('ring_timeout_s', sa.Integer(), nullable=False),
    sa.Column('defaults', Json, nullable=False),
    sa.Column('sms_text', Json, nullable=False),
    sa.Column('cost_per_minute', sa.Double(), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('starts_at', UtcDateTime(), nullable=True),
    sa.Column('ends_at', UtcDateTime(), nullable=True),
    sa.Column('running_since', UtcDateTime(), nullable=True),
    sa.Column('finished_at', UtcDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('tripped', sa.String(length=32), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('copied_from_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['copied_from_id'], ['campaigns.id'], name=op.f('fk_campaigns_copied_from_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['flow_b_version_id'], ['flow_versions.id'], name=op.f('fk_campaigns_flow_b_version_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['flow_version_id'], ['flow_versions.id'], name=op.f('fk_campaigns_flow_version_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns'))
    )
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.create_index('ix_campaigns_state', ['state'], unique=False)

    op.create_table('audience_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('path', sa.String(length=500), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('encoding', sa.String(length=16), nullable=False),
    sa.Column('delimiter', sa.String(length=1), nullable=False),
    sa.Column('has_header', sa.Boolean(), nullable=False),
    sa.Column('header', Json, nullable=False),
    sa.Column('mapping', Json, nullable=False),
    sa.Column('duplicates', sa.String(length=8), nullable=False),
    sa.Column('sample', Json, nullable=False),
    sa.Column('total_rows', sa.Integer(), nullable=True),
    sa.Column('done_rows', sa.Integer(), nullable=False),
    sa.Column('counts', Json, nullable=False),
    sa.Column('errors_path', sa.String(length=500), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('finished_at', UtcDateTime(), nullable=True),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_audience_imports_campaign_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audience_imports'))
    )
    with op.batch_alter_table('audience_imports', schema=None) as batch_op:
        batch_op.create_index('ix_audience_imports_campaign_id', ['campaign_id'], unique=False)

    op.create_table('campaign_log',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('details', Json, nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_log_campaign_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_log'))
    )
    with op.batch_alter_table('campaign_log', schema=None) as batch_op:
        batch_op.create_index('ix_campaign_log_campaign_id_id', ['campaign_id', 'id'], unique=False)

    op.create_table('event_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('event', sa.String(length=60), nullable=False),
    sa.Column('date_field', sa.String(length=60), nullable=False),
    sa.Column('delay_min', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('conditions', Json, nullable=False),
    sa.Column('cancelled_by', Json, nullable=False),
    sa.Column('variables', Json, nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_event_rules_campaign_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_rules'))
    )
    with op.batch_alter_table('event_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_rules_event'), ['event'], unique=False)

    op.create_table('tallies',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('hour', UtcDateTime(), nullable=False),
    sa.Column('variant', sa.String(length=1), nullable=False),
    sa.Column('caller_number', sa.String(length=20), nullable=False),
    sa.Column('carrier_outcome', sa.String(length=16), nullable=False),
    sa.Column('business_outcome', sa.String(length=16), nullable=False),
    sa.Column('answered_by', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('rang', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('heard', sa.Integer(), nullable=False),
    sa.Column('replied', sa.Integer(), nullable=False),
    sa.Column('short', sa.Integer(), nullable=False),
    sa.Column('talk_s', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_tallies_campaign_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', 'hour', 'variant', 'caller_number', 'carrier_outcome', 'business_outcome', 'answered_by', name=op.f('pk_tallies'))
    )
    op.create_table('cases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('variables', Json, nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('not_before', UtcDateTime(), nullable=True),
    sa.Column('not_after', UtcDateTime(), nullable=True),
    sa.Column('due_at', UtcDateTime(), nullable=False),
    sa.Column('wish_at', UtcDateTime(), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=24), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('tries_by', Json, nullable=False),
    sa.Column('variant', sa.String(length=1), nullable=False),
    sa.Column('caller_number', sa.String(length=20), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('flagged', sa.Boolean(), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('rule_inputs', Json, nullable=False),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('ticket_id', sa.Integer(), nullable=True),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('closed_at', UtcDateTime(), nullable=True),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_cases_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['import_id'], ['audience_imports.id'], name=op.f('fk_cases_import_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['merged_into_id'], ['cases.id'], name=op.f('fk_cases_merged_into_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_cases_person_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_cases_ticket_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('key', name=op.f('uq_cases_key'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_campaign_id_id', ['campaign_id', 'id'], unique=False)
        batch_op.create_index('ix_cases_counts', ['campaign_id', 'state', 'reason', 'variant', 'kind'], unique=False)
        batch_op.create_index('ix_cases_due', ['campaign_id', 'priority', 'due_at'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index('ix_cases_import_id', ['import_id'], unique=False)
        batch_op.create_index('ix_cases_merged_into_id', ['merged_into_id'], unique=False)
        batch_op.create_index('ix_cases_not_after', ['not_after'], unique=False, sqlite_where=sa.text("state IN ('open', 'merged') AND not_after IS NOT NULL"), postgresql_where=sa.text("state IN ('open', 'merged') AND not_after IS NOT NULL"))
        batch_op.create_index('ix_cases_number_state', ['number', 'state'], unique=False)
        batch_op.create_index('ix_cases_open_rule', ['campaign_id', 'rule', 'due_at', 'kind', 'state'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index('ix_cases_person_id', ['person_id'], unique=False)
        batch_op.create_index('ix_cases_reference', ['reference'], unique=False)
        batch_op.create_index('ix_cases_test_due', ['due_at'], unique=False, sqlite_where=sa.text("state = 'open' AND kind = 'test'"), postgresql_where=sa.text("state = 'open' AND kind = 'test'"))

    op.create_table('consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('given_at', UtcDateTime(), nullable=False),
    sa.Column('until', UtcDateTime(), nullable=True),
    sa.Column('revoked_at', UtcDateTime(), nullable=True),
    sa.Column('by', sa.String(length=120), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_consents_call_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index('ix_consents_number_purpose', ['number', 'purpose'], unique=False)

    op.create_table('answer_records',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('node', sa.String(length=80), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', Json, nullable=False),
    sa.Column('heard', sa.Text(), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('confidence', sa.Double(), nullable=True),
    sa.Column('audio_offset_ms', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=16), nullable=False),
    sa.Column('flow_version_id', sa.Integer(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_answer_records_call_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_answer_records_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_answer_records_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['flow_version_id'], ['flow_versions.id'], name=op.f('fk_answer_records_flow_version_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_records'))
    )
    with op.batch_alter_table('answer_records', schema=None) as batch_op:
        batch_op.create_index('ix_answer_records_campaign_id_id', ['campaign_id', 'id'], unique=False)
        batch_op.create_index('ix_answer_records_case_id', ['case_id'], unique=False)

    op.create_table('attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('caller_number', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('variant', sa.String(length=1), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('decision', Json, nullable=False),
    sa.Column('claimed_at', UtcDateTime(), nullable=False),
    sa.Column('claimed_by', sa.String(length=80), nullable=False),
    sa.Column('lease_until', UtcDateTime(), nullable=True),
    sa.Column('slot_at', UtcDateTime(), nullable=False),
    sa.Column('dialled_at', UtcDateTime(), nullable=True),
    sa.Column('rang_at', UtcDateTime(), nullable=True),
    sa.Column('answered_at', UtcDateTime(), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('checked_at', UtcDateTime(), nullable=True),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('sid', sa.String(length=64), nullable=True),
    sa.Column('flow_version_id', sa.Integer(), nullable=True),
    sa.Column('carrier_outcome', sa.String(length=16), nullable=False),
    sa.Column('business_outcome', sa.String(length=16), nullable=False),
    sa.Column('outcome_word', sa.String(length=32), nullable=False),
    sa.Column('answered_by', sa.String(length=32), nullable=False),
    sa.Column('sip_code', sa.Integer(), nullable=True),
    sa.Column('duration_s', sa.Integer(), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_attempts_call_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_attempts_campaign_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_attempts_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['flow_version_id'], ['flow_versions.id'], name=op.f('fk_attempts_flow_version_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts')),
    sa.UniqueConstraint('call_id', name=op.f('uq_attempts_call_id')),
    sa.UniqueConstraint('case_id', 'n', name=op.f('uq_attempts_case_id_n')),
    sa.UniqueConstraint('sid', name=op.f('uq_attempts_sid'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index('ix_attempts_campaign_id_ended_at', ['campaign_id', 'ended_at'], unique=False)
        batch_op.create_index('ix_attempts_campaign_id_id', ['campaign_id', 'id'], unique=False)
        batch_op.create_index('ix_attempts_live', ['campaign_id', 'state'], unique=False, sqlite_where=sa.text("state NOT IN ('ended', 'released')"), postgresql_where=sa.text("state NOT IN ('ended', 'released')"))
        batch_op.create_index('ix_attempts_number_dialled_at', ['number', 'dialled_at'], unique=False)
        batch_op.create_index('uq_attempts_live_case', ['case_id'], unique=True, sqlite_where=sa.text("state NOT IN ('ended', 'released')"), postgresql_where=sa.text("state NOT IN ('ended', 'released')"))
        batch_op.create_index('uq_attempts_live_number', ['number'], unique=True, sqlite_where=sa.text("state NOT IN ('ended', 'released')"), postgresql_where=sa.text("state NOT IN ('ended', 'released')"))

    op.create_table('case_calls',
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_case_calls_call_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_calls_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('call_id', name=op.f('pk_case_calls'))
    )
    with op.batch_alter_table('case_calls', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_calls_case_id'), ['case_id'], unique=False)

    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('how', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('audio_offset_ms', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('by', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('revoked_by', sa.String(length=120), nullable=False, server_default=''))




def downgrade() -> None:

    with op.batch_alter_table('opt_outs', schema=None) as batch_op:
        batch_op.drop_column('revoked_by')
        batch_op.drop_column('by')
        batch_op.drop_column('audio_offset_ms')
        batch_op.drop_column('how')

    with op.batch_alter_table('case_calls', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_calls_case_id'))

    op.drop_table('case_calls')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index('uq_attempts_live_number', sqlite_where=sa.text("state NOT IN ('ended', 'released')"), postgresql_where=sa.text("state NOT IN ('ended', 'released')"))
        batch_op.drop_index('uq_attempts_live_case', sqlite_where=sa.text("state NOT IN ('ended', 'released')"), postgresql_where=sa.text("state NOT IN ('ended', 'released')"))
        batch_op.drop_index('ix_attempts_number_dialled_at')
        batch_op.drop_index('ix_attempts_live', sqlite_where=sa.text("state NOT IN ('ended', 'released')"), postgresql_where=sa.text("state NOT IN ('ended', 'released')"))
        batch_op.drop_index('ix_attempts_campaign_id_id')
        batch_op.drop_index('ix_attempts_campaign_id_ended_at')

    op.drop_table('attempts')
    with op.batch_alter_table('answer_records', schema=None) as batch_op:
        batch_op.drop_index('ix_answer_records_case_id')
        batch_op.drop_index('ix_answer_records_campaign_id_id')

    op.drop_table('answer_records')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index('ix_consents_number_purpose')

    op.drop_table('consents')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_test_due', sqlite_where=sa.text("state = 'open' AND kind = 'test'"), postgresql_where=sa.text("state = 'open' AND kind = 'test'"))
        batch_op.drop_index('ix_cases_reference')
        batch_op.drop_index('ix_cases_person_id')
        batch_op.drop_index('ix_cases_open_rule', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_cases_number_state')
        batch_op.drop_index('ix_cases_not_after', sqlite_where=sa.text("state IN ('open', 'merged') AND not_after IS NOT NULL"), postgresql_where=sa.text("state IN ('open', 'merged') AND not_after IS NOT NULL"))
        batch_op.drop_index('ix_cases_merged_into_id')
        batch_op.drop_index('ix_cases_import_id')
        batch_op.drop_index('ix_cases_due', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_cases_counts')
        batch_op.drop_index('ix_cases_campaign_id_id')

    op.drop_table('cases')
    op.drop_table('tallies')
    with op.batch_alter_table('event_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_rules_event'))

    op.drop_table('event_rules')
    with op.batch_alter_table('campaign_log', schema=None) as batch_op:
        batch_op.drop_index('ix_campaign_log_campaign_id_id')

    op.drop_table('campaign_log')
    with op.batch_alter_table('audience_imports', schema=None) as batch_op:
        batch_op.drop_index('ix_audience_imports_campaign_id')

    op.drop_table('audience_imports')
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_index('ix_campaigns_state')

    op.drop_table('campaigns')
    with op.batch_alter_table('webhook_deliveries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhook_deliveries_happening_id'))
        batch_op.drop_index('ix_webhook_deliveries_endpoint_id_id')
        batch_op.drop_index('ix_webhook_deliveries_created_at')

    op.drop_table('webhook_deliveries')
    with op.batch_alter_table('api_answers', schema=None) as batch_op:
        batch_op.drop_index('ix_api_answers_at')

    op.drop_table('api_answers')
    op.drop_table('webhook_endpoints')
    op.drop_table('pace')
    with op.batch_alter_table('happenings', schema=None) as batch_op:
        batch_op.drop_index('ix_happenings_at')

    op.drop_table('happenings')
    op.drop_table('happening_cursors')
    op.drop_table('column_memory')
    op.drop_table('api_keys')

