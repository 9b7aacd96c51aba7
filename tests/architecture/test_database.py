"""What PostgreSQL itself enforces, read from its catalogue as the runtime login."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from hoshu.accounts.tenancy import SYSTEM, act_as

pytestmark = pytest.mark.django_db

UNPROTECTED = {
    "accounts_user": "read before anybody is logged in",
    "accounts_assignment": "read to learn what somebody may see",
    "accounts_apitoken": "read before a program is known",
    "accounts_setuplink": "read before anybody exists",
    "accounts_operator": "the operator's name and desks, printed on every page and letter",
    "cases_forcemajeure": "events announced to everybody",
    "contracts_article": "the operator's public price list",
    "contracts_option": "the operator's public list of options",
    "contracts_option_products": "the operator's public list of options",
    "contracts_product": "the operator's public list of models",
    "publishing_editionopening": "who opened public terms, read by one's own number at each page",
    "publishing_publishededition": "the terms, which everybody may read",
    "publishing_servicedesk": "where a desk is reached, on a public page",
    "publishing_work": "published to every customer of a service; the file's content stays with staff",
}
"""Tables without row-level security, each with the reason why everybody may see them."""

NO_HISTORY = {
    "accounts_historyentry": "is the history",
    "accounts_nameending": "what follows from the name of an organisation, which is tracked itself",
    "accounts_setuplink": "used once, before anybody exists",
    "contracts_editionconsent": "append-only: the row is its own history",
    "contracts_publiccode": "append-only: the row is its own history, and no list shows a code",
    "publishing_editionopening": "append-only: the row is its own history",
    "decisions_decision": "append-only: the row is its own history",
    "files_filecontent": "the bytes of a file, which never change; the file's own row is tracked",
    "imports_chunk": "what a file says and what is said of it; whatever its rows become is tracked itself",
    "privacy_dataaccess": "append-only: the row is its own history",
    "privacy_disclosure": "append-only: the row is its own history",
    "privacy_disclosurestep": "append-only: the row is its own history",
    "privacy_erasedrow": "append-only: the row is its own history",
    "privacy_leakstep": "append-only: the row is its own history",
    "privacy_ledgerentry": "append-only: the row is its own history",
    "privacy_retentionrule": "append-only: the row is its own history",
}
"""Tables whose changes leave no row in the history, each with the reason."""

UNUSUAL_POLICIES = {
    ("accounts_historyentry", "written_by_trigger"),  # inserts by the trigger, for whatever was allowed to change
    ("contracts_customernote", "tenancy"),  # the customer's own note: staff do not see it (IX-DOC-03)
    ("files_filecontent", "arriving"),  # like the file's own row
    ("files_filecontent", "reading"),  # like the file's own row, while it is not held
}
"""Policies of another shape than `rls.protect` and `rls.operator_only` make."""

DEFINER_FUNCTIONS = {
    "hoshu_history",
    "hoshu_erase_content",
    "hoshu_erase",
    "hoshu_forget",
    "hoshu_name_endings",
}
"""Functions that run with the owner's rights."""


def tables():
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("hoshu.")
    }


def rows(statement, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall() if cursor.description else []


def with_tenant():
    """Tables with a tenant column."""
    found = rows(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND column_name = 'tenant_id'"
    )
    return {name for (name,) in found} & tables()


def test_every_table_is_protected_or_says_why_not():
    secured = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relrowsecurity AND relforcerowsecurity"
        )
    }
    unsecured = tables() - secured
    assert unsecured == set(UNPROTECTED) & tables(), (
        "Add rls.protect or rls.operator_only to the migration, or name the reason in UNPROTECTED"
    )
    assert not unsecured & with_tenant()


def test_every_policy_for_the_runtime_login_is_known():
    """Policies of one table add up: a careless one widens its sight whatever the others say."""
    sees_all = "(SELECT current_setting('hoshu.scope', true)) = 'all'"
    sees_some = "= ANY (string_to_array((SELECT current_setting('hoshu.tenants', true)), ',')::bigint[])"
    with transaction.atomic():
        rows("CREATE TEMPORARY TABLE as_written (id bigint, organisation_id bigint, tenant_id bigint)")
        for name, condition in {
            "operator_only": sees_all,
            "protect": f"{sees_all} OR tenant_id {sees_some}",
            "protect_id": f"{sees_all} OR id {sees_some}",
            "protect_organisation": f"{sees_all} OR organisation_id {sees_some}",
        }.items():
            rows(f"CREATE POLICY {name} ON as_written USING ({condition})")
        usual = {condition for (condition,) in rows("SELECT qual FROM pg_policies WHERE tablename = 'as_written'")}
        transaction.set_rollback(True)
    unusual = {
        (table, policy)
        for table, policy, command, condition, check in rows(
            "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies"
            " WHERE schemaname = current_schema() AND roles && ARRAY['public', current_user]::name[]"
        )
        if not (command in {"ALL", "SELECT"} and condition in usual and check in {condition, None})
    }
    assert unusual == UNUSUAL_POLICIES


def test_a_row_can_not_point_into_another_tenant():
    """Foreign keys pass row-level security; only a key with the tenant in it holds."""
    keys = rows(
        """
        SELECT child.relname, parent.relname,
               ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, o)
                     JOIN pg_attribute ON attrelid = conrelid AND attnum = k.n ORDER BY o)
        FROM pg_constraint
        JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
        WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
        """
    )
    tenant = with_tenant()
    held = {(child, columns[1]) for child, _, columns in keys if len(columns) == 2 and columns[0] == "tenant_id"}
    needed = {(child, columns[0]) for child, parent, columns in keys if {child, parent} <= tenant and len(columns) == 1}
    assert needed - held == set(), "Add rls.same_tenant(table, column, parent) to the migration"


def test_every_change_leaves_a_row_in_the_history():
    tracked = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'hoshu_history' AND tgenabled = 'O'"
        )
    }
    assert tables() - tracked == set(NO_HISTORY) & tables(), (
        "Add rls.track to the migration, or name the reason in NO_HISTORY"
    )


def test_functions_with_the_owners_rights_are_known():
    found = {
        name
        for (name,) in rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = current_schema()::regnamespace"
        )
    }
    assert found == DEFINER_FUNCTIONS


def test_no_view_looks_past_row_level_security():
    assert (
        rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = current_schema()::regnamespace"
            " AND NOT coalesce(reloptions @> '{security_invoker=true}', false)"
        )
        == []
    )


def test_the_runtime_login_owns_nothing_and_is_nobody_else():
    assert rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == []
    assert (
        rows(
            "SELECT rolname FROM pg_roles WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')"
            " AND rolname <> 'pg_database_owner'"
        )
        == []
    )


def test_what_is_only_added_can_not_be_changed():
    """By right, not by habit: `grant_rights` reads the comment that `rls.append_only` leaves."""
    marked = rows(
        "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class"
        " WHERE relnamespace = current_schema()::regnamespace"
        " AND obj_description(oid, 'pg_class') IN ('append-only', 'trigger-written')"
    )
    assert {"decisions_decision", "accounts_historyentry"} <= {name for name, _ in marked}
    for name, kind in marked:
        [rights] = rows(
            "SELECT has_table_privilege(%s, 'INSERT'), has_table_privilege(%s, 'UPDATE'),"
            " has_table_privilege(%s, 'DELETE'), has_table_privilege(%s, 'TRUNCATE')",
            *[name] * 4,
        )
        assert rights == (kind == "append-only", False, False, False), name


def test_nobody_rewrites_the_history(world):
    with act_as(SYSTEM):
        for statement in (
            "UPDATE accounts_historyentry SET actor = 'somebody else'",
            "DELETE FROM accounts_historyentry",
            "INSERT INTO accounts_historyentry (at, actor, row_id, action) VALUES (now(), 'x', 1, 'insert')",
            "UPDATE decisions_decision SET answer = '{}'",
            "DELETE FROM decisions_decision",
            "TRUNCATE accounts_historyentry",
            "ALTER TABLE accounts_user DISABLE TRIGGER ALL",
        ):
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
                rows(statement)
