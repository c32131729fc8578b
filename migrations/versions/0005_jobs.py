"""Jobs: the queue of procrastinate in a schema of its own, and the one thing that serving roles may ask of it.

The library publishes its history as files that stay as they are; this revision runs those up to its release
3.10 one statement at a time. Functions of the schema pin their search path, so that no connection needs one.

One thing is told otherwise than there: the two enumerations have all their values from the beginning. PostgreSQL
before 17 lets no transaction use a value that it has added itself, and a revision is one transaction.
"""

from collections.abc import Iterator

from alembic import op

from migrations.operations.scripts import of_library

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HISTORY = (
    "00.00.00_01_initial.sql",
    "00.05.00_01_drop_started_at_column.sql",
    "00.05.00_02_drop_started_at_column.sql",
    "00.05.00_03_drop_procrastinate_version_table.sql",
    "00.06.00_01_fix_procrastinate_fetch_job.sql",
    "00.07.01_01_fix_trigger_status_events_insert.sql",
    "00.08.01_01_add_queueing_lock_column.sql",
    "00.10.00_01_close_fetch_job_race_condition.sql",
    "00.10.00_02_add_defer_job_function.sql",
    "00.11.00_03_add_procrastinate_periodic_defers.sql",
    "00.12.00_01_add_foreign_key_index.sql",
    "00.14.00_01_add_locks_to_periodic_defer.sql",
    "00.15.02_01_fix_procrastinate_defer_periodic_job.sql",
    "00.16.00_01_add_finish_job_and_retry_job_functions.sql",
    "00.17.00_01_add_trigger_on_job_deletion.sql",
    "00.17.00_02_delete_finished_jobs.sql",
    "00.17.00_03_add_checks_to_finish_job.sql",
    "00.17.00_04_add_checks_to_retry_job.sql",
    "00.18.01_01_fix_finish_job_compat_issue.sql",
    "00.19.00_01_add_index_on_procrastinate_jobs.sql",
    "00.22.00_01_add_kwargs_to_defer_periodic_job.sql",
    "00.23.00_01_null_locks_excluded.sql",
    "01.00.00_01_remove_old_finish_job_function.sql",
    "01.01.01_01_job_id_bigint.sql",
    "02.00.03_01_add_job_priority.sql",
    "02.05.00_01_add_periodic_job_priority.sql",
    "02.06.00_01_add_cancel_states.sql",
    "02.08.00_01_add_additional_params_to_retry_job.sql",
    "02.14.01_01_add_indexes_for_fetch_job.sql",
    "03.00.00_01_pre_cancel_notification.sql",
    "03.00.00_50_post_cancel_notification.sql",
    "03.01.00_01_pre_add_heartbeat.sql",
    "03.01.00_50_post_add_heartbeat.sql",
    "03.02.00_01_pre_batch_defer_jobs.sql",
    "03.02.00_50_post_batch_defer_jobs.sql",
    "03.03.00_01_pre_priority_lock_fetch_job.sql",
    "03.04.00_01_pre_add_retry_failed_job_procedure.sql",
    "03.04.00_50_post_add_retry_failed_job_procedure.sql",
)

ENUMERATIONS = {
    "procrastinate_job_status": "todo doing succeeded failed cancelled aborting aborted",
    "procrastinate_job_event_type": (
        "deferred started deferred_for_retry failed succeeded cancelled abort_requested aborted scheduled retried"
    ),
}

PIN = """
DO $do$
DECLARE
    routine regprocedure;
BEGIN
    FOR routine IN SELECT oid FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_catalog, pg_temp', routine);
    END LOOP;
END
$do$
"""

WAKE = """
CREATE FUNCTION jobs.wake(recipient uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = jobs, pg_catalog, pg_temp
AS $sql$
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(
        'events', 'take_events', 0, 'events:' || recipient::text, null,
        jsonb_build_object('tenant_id', recipient), null
    )::procrastinate_job_to_defer_v1])
$sql$
"""

RIGHTS = (
    "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC",
    "GRANT USAGE ON SCHEMA jobs TO kontor_app",
    "GRANT USAGE ON SCHEMA jobs TO kontor_portal",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO kontor_app",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO kontor_app",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO kontor_app",
    "GRANT EXECUTE ON FUNCTION jobs.wake(uuid) TO kontor_portal",
)


def history() -> Iterator[str]:
    """The library's history, its enumerations whole."""
    for statement in of_library("procrastinate.sql", *(f"migrations/{file}" for file in HISTORY)):
        verb, of, name, *rest = statement.split(maxsplit=4)
        if (verb, of) == ("CREATE", "TYPE") and name in ENUMERATIONS:
            values = ", ".join(f"'{value}'" for value in ENUMERATIONS[name].split())
            yield f"CREATE TYPE {name} AS ENUM ({values})"
        elif not (name in ENUMERATIONS and rest[:1] == ["ADD"]):
            yield statement


def upgrade() -> None:
    op.script(["CREATE SCHEMA jobs", "SET LOCAL search_path TO jobs"])
    op.script(history())
    op.script(["SET LOCAL search_path TO public", PIN, WAKE, *RIGHTS])


def downgrade() -> None:
    op.script(["DROP SCHEMA jobs CASCADE"])
