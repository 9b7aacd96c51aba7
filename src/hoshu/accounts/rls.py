"""Migration operations that put the rules of access into the database itself.

PostgreSQL enforces them for the runtime login, whatever a query forgot. `hoshu migrate` grants rights afterwards
and reads the table comments that `append_only` and `trigger_written` leave.
"""

from collections.abc import Iterable

from django.db.migrations.operations import RunSQL

# The sub-selects make the planner read each setting once a query, not once a row.
_SEES_ALL = "(SELECT current_setting('hoshu.scope', true)) = 'all'"
_SEES_SOME = "ANY (string_to_array((SELECT current_setting('hoshu.tenants', true)), ',')::bigint[])"


def _policy(table: str, condition: str) -> RunSQL:
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenancy ON {table} USING ({condition}) WITH CHECK ({condition});
        """,
        f"DROP POLICY tenancy ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f" ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def protect(table: str, column: str = "tenant_id") -> RunSQL:
    """A row is seen and written by those who see its tenant; without a tenant, by staff only."""
    return _policy(table, f"{_SEES_ALL} OR {column} = {_SEES_SOME}")


def history(table: str) -> RunSQL:
    """The history: read like its tenant, written by its trigger for whatever somebody was allowed to change."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenancy ON {table} FOR SELECT USING ({_SEES_ALL} OR tenant_id = {_SEES_SOME});
        CREATE POLICY written_by_trigger ON {table} FOR INSERT WITH CHECK (true);
        """,
        RunSQL.noop,
    )


def operator_only(table: str) -> RunSQL:
    """A table of the operator (licence stock, product master): staff and the system only."""
    return _policy(table, _SEES_ALL)


def same_tenant(table: str, column: str, parent: str) -> RunSQL:
    """`table.column` may only point at a row of `parent` with the same tenant.

    Foreign keys pass row-level security, so without this a row could point into a foreign tenant.
    """
    name = f"{table}_{column}_same_tenant"
    return RunSQL(
        f"""
        CREATE UNIQUE INDEX IF NOT EXISTS {parent}_tenant_row ON {parent} (tenant_id, id);
        ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (tenant_id, {column}) REFERENCES {parent} (tenant_id, id) DEFERRABLE INITIALLY DEFERRED;
        """,
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def append_only(table: str) -> RunSQL:
    """The runtime login may read and insert, never change or delete."""
    return RunSQL(f"COMMENT ON TABLE {table} IS 'append-only'", RunSQL.noop)


def trigger_written(table: str) -> RunSQL:
    """Written by triggers only: the runtime login may read."""
    return RunSQL(f"COMMENT ON TABLE {table} IS 'trigger-written'", RunSQL.noop)


def track(table: str, *, tenant: str | None = "tenant_id", exclude: Iterable[str] = ()) -> RunSQL:
    """Every insert, update and delete of `table` leaves a row in the history.

    `exclude` names columns whose values must not be kept there: secrets, file contents, counters.
    """
    arguments = ", ".join(f"'{value}'" for value in [tenant or "", *exclude])
    return RunSQL(
        f"CREATE TRIGGER history AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION hoshu_history({arguments})",
        f"DROP TRIGGER history ON {table}",
    )


# SECURITY DEFINER: the runtime login has no right to write history itself. An update that changes nothing that is
# kept leaves no row.
HISTORY_FUNCTION = RunSQL(
    """
    CREATE FUNCTION hoshu_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
    DECLARE
        old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - TG_ARGV[1:] END;
        new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - TG_ARGV[1:] END;
        tenant bigint := NULLIF(coalesce(new_row, old_row) ->> NULLIF(TG_ARGV[0], ''), '')::bigint;
        changed text[];
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            SELECT array_agg(key) INTO changed FROM jsonb_each(new_row) WHERE value IS DISTINCT FROM old_row -> key;
            IF changed IS NULL THEN RETURN NULL; END IF;
            SELECT jsonb_object_agg(key, value) INTO old_row FROM jsonb_each(old_row) WHERE key = ANY (changed);
            SELECT jsonb_object_agg(key, value) INTO new_row FROM jsonb_each(new_row) WHERE key = ANY (changed);
        END IF;
        INSERT INTO accounts_historyentry (at, actor, "table", row_id, tenant_id, action, before, after)
        VALUES (clock_timestamp(), coalesce(NULLIF(current_setting('hoshu.actor', true), ''), session_user),
                TG_TABLE_NAME, (CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END ->> 'id')::bigint,
                tenant, lower(TG_OP), old_row, new_row);
        RETURN NULL;
    END $$;
    """,
    "DROP FUNCTION hoshu_history()",
)
