"""Row-level security as each feature's migration asks for it.

The application connects as `yitong_app`, which owns nothing: what a policy hides does not
exist for it. Policies speak through `in_scope(path)`, `scope_role()` and `scope_actor()`.
"""

from alembic import op

APP_ROLE = "yitong_app"

FUNCTIONS = """
CREATE FUNCTION in_scope(path text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT starts_with(path, nullif(current_setting('yitong.area_path', true), '')) $$;
CREATE FUNCTION scope_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT current_setting('yitong.role', true) $$;
CREATE FUNCTION scope_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('yitong.actor', true), '')::uuid $$;
CREATE FUNCTION is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('yitong.role', true) = 'system', false) $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION is_system(); DROP FUNCTION scope_actor();
DROP FUNCTION scope_role(); DROP FUNCTION in_scope(text);
"""


def guard(
    table: str,
    *,
    read: str = "in_scope(area_path)",
    write: str = "in_scope(area_path)",
    insert: str | None = None,
    append_only: bool = False,
) -> None:
    """Let the application see rows for which `read` holds and change those of `write`.

    With `append_only` rows can be added and read, never changed or removed.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read})")
    op.execute(f"CREATE POLICY {table}_insert ON {table} FOR INSERT WITH CHECK ({insert or write})")
    if append_only:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {APP_ROLE}")
        return
    op.execute(
        f"CREATE POLICY {table}_update ON {table} FOR UPDATE USING ({write}) WITH CHECK ({write})"
    )
    op.execute(f"CREATE POLICY {table}_delete ON {table} FOR DELETE USING ({write})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}")


def guard_reference(table: str) -> None:
    """Let everyone read the table; only the program itself (role system) writes it."""
    guard(table, read="true", write="is_system()")
