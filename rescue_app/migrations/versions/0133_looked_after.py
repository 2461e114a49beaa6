"""Who looks after what, point or asset: whom a warning over it calls.

Revision ID: 0133
Revises: 0139
"""

from alembic import op

from rescue_app.migrations.security import APP_ROLE

revision = "0133"
down_revision = "0139"
branch_labels = None
depends_on = None

# An asset is looked after by the unit that owns it. The view looks with its reader's eyes.
LOOKED_AFTER = """
CREATE VIEW looked_after WITH (security_invoker = true) AS
SELECT owner_name, owner_phone, owner_unit, category, hazard_type, area_path, place, changed_at
FROM hazard_point WHERE state = 'approved'
UNION ALL
SELECT owner_unit, owner_phone, owner_unit, 'asset', type_code, area_path, place, changed_at
FROM asset WHERE retired_at IS NULL AND owner_unit <> ''
"""


def upgrade() -> None:
    op.execute(LOOKED_AFTER)
    op.execute(f"GRANT SELECT ON looked_after TO {APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP VIEW looked_after")
