"""Lists are asked at assets too: what a warning over a road or a bridge orders is owed there.

Revision ID: 0167
Revises: 0175
"""

from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0167"
down_revision = "0175"
branch_labels = None
depends_on = None

# An asset is looked after by the unit that owns it; out of use it is as a point off the ledger.
# The view looks with its reader's eyes. `place` is where it lies, `spot` where one goes.
TASK_SUBJECT = """
CREATE VIEW task_subject WITH (security_invoker = true) AS
SELECT id, 'point' AS kind, 'point:' || category AS asks, name, number, address, category,
    hazard_type, grade, state, owner_name, owner_phone, owner_unit, area_path, place,
    place AS spot, synthetic, changed_at
FROM hazard_point
UNION ALL
SELECT id, 'asset', 'asset:' || type_code, name, number::text, street, 'asset',
    type_code, NULL, CASE WHEN retired_at IS NULL THEN 'approved' ELSE 'delisted' END,
    owner_unit, owner_phone, owner_unit, area_path, place,
    ST_PointOnSurface(place), synthetic, changed_at
FROM asset
"""
LOOKED_AFTER = """
CREATE VIEW looked_after WITH (security_invoker = true) AS
SELECT owner_name, owner_phone, owner_unit, category, hazard_type, area_path, place, changed_at
FROM hazard_point WHERE state = 'approved'
UNION ALL
SELECT owner_unit, owner_phone, owner_unit, 'asset', type_code, area_path, place, changed_at
FROM asset WHERE retired_at IS NULL AND owner_unit <> ''
"""
UNIQUE = "uq_task_{}_template_code_period"


def upgrade() -> None:
    rename("point_id", "subject_id")
    op.execute("DROP VIEW looked_after")
    op.execute(TASK_SUBJECT)
    op.execute(f"GRANT SELECT ON task_subject TO {APP_ROLE}")
    op.create_index("ix_asset_changed_at", "asset", ["changed_at"])


def downgrade() -> None:
    op.drop_index("ix_asset_changed_at", "asset")
    op.execute("DROP VIEW task_subject")
    op.execute("DELETE FROM task WHERE subject_id NOT IN (SELECT id FROM hazard_point)")
    rename("subject_id", "point_id")
    op.execute(LOOKED_AFTER)
    op.execute(f"GRANT SELECT ON looked_after TO {APP_ROLE}")


def rename(was: str, becomes: str) -> None:
    op.alter_column("task", was, new_column_name=becomes)
    before, after = UNIQUE.format(was), UNIQUE.format(becomes)
    op.execute(f"ALTER TABLE task RENAME CONSTRAINT {before} TO {after}")
