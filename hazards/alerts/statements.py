"""An alert meets the ledger as sets: lists made, brought back, cancelled; who looks after what.

What lies inside is `alert_holds_at` alone: of approved points, and of assets in use.
`lists_due` and `task_subject` are of the schema (migrations 0017, 0167).
"""

from sqlalchemy import text

from hazards.tasks.statements import CARRIED, CARRIERS

# Whoever looks after it and can sign in gets its lists, else as the daily lists have it.
MAKE_ROWS = f"""
WITH due AS MATERIALIZED (SELECT * FROM lists_due(CAST(:due AS jsonb))),
{CARRIERS}
INSERT INTO task (subject_id, template_code, template_version, period, area_path, mode, role,
    account_id, person, person_phone, from_at, due_at, synthetic, alert_id)
SELECT p.id, d.template_code, d.version, d.period, p.area_path, d.mode, d.role,
    coalesce(people.account_id, stand_in.account_id), coalesce(people.name, stand_in.person, ''),
    coalesce(people.phone, stand_in.phone, ''), d.from_at, d.due_at, p.synthetic,
    CAST(:root AS uuid)
FROM task_subject p
JOIN due d ON d.category = p.category AND d.hazard_type = p.hazard_type
{CARRIED}
WHERE p.state = 'approved' AND p.area_path >= :low AND p.area_path < :high
    AND alert_holds_at(CAST(:areas AS text[]), CAST(:drawn AS geometry), p.area_path, p.place)
ON CONFLICT (subject_id, template_code, period) DO NOTHING
"""  # noqa: S608 - made of this floor's own words
MAKE = text(MAKE_ROWS)
# What a calmer colour or a smaller area took away comes back, with the whole time to do it.
REVIVE = text("""
WITH due AS MATERIALIZED (SELECT DISTINCT template_code, category, hazard_type, from_at, due_at
    FROM lists_due(CAST(:due AS jsonb)))
UPDATE task SET state = 'open', cancelled_at = NULL, cancelled_why = NULL, from_at = due.from_at,
    due_at = due.due_at, call_ref = NULL
FROM task_subject p, due
WHERE task.alert_id = CAST(:root AS uuid) AND task.state = 'cancelled'
    AND task.cancelled_why IN ('alert', 'point_gone', 'point_changed')
    AND p.id = task.subject_id AND p.state = 'approved'
    AND due.template_code = task.template_code AND due.category = p.category
    AND due.hazard_type = p.hazard_type
    AND alert_holds_at(CAST(:areas AS text[]), CAST(:drawn AS geometry), p.area_path, p.place)
""")
# Only what nobody has begun: whoever has begun a list may finish it.
CANCEL = text("""
UPDATE task SET state = 'cancelled', cancelled_at = :at, cancelled_why = 'alert'
FROM task_subject p
WHERE task.alert_id = CAST(:root AS uuid) AND task.state = 'open' AND p.id = task.subject_id
    AND NOT (task.template_code = ANY (CAST(:codes AS text[])) AND p.state = 'approved'
        AND alert_holds_at(CAST(:areas AS text[]), CAST(:drawn AS geometry), p.area_path, p.place))
""")
END = text("""
UPDATE task SET state = 'cancelled', cancelled_at = :at, cancelled_why = 'alert'
WHERE alert_id = CAST(:root AS uuid) AND state = 'open'
""")
LOOKED_AFTER = text("""
SELECT owner_name, owner_phone, owner_unit, category, hazard_type, area_path, count(*) AS points
FROM task_subject
WHERE state = 'approved' AND area_path >= :low AND area_path < :high
    AND alert_holds_at(CAST(:areas AS text[]), CAST(:drawn AS geometry), area_path, place)
GROUP BY owner_name, owner_phone, owner_unit, category, hazard_type, area_path
""")
# What lies there may change after the alert came: approved, moved in or out, another owner.
CHANGED = text("""
SELECT EXISTS (SELECT FROM task_subject
    WHERE changed_at >= :since AND area_path >= :low AND area_path < :high)
""")
CHANGED_SINCE_MADE = text("""
SELECT EXISTS (SELECT FROM task_subject p JOIN task ON task.subject_id = p.id
    WHERE p.changed_at >= :since AND task.alert_id = CAST(:root AS uuid) AND task.state = 'open')
""")
KINDS = text("""
SELECT DISTINCT category, hazard_type, area_path FROM task_subject
WHERE state = 'approved' AND area_path >= :low AND area_path < :high
""")
CALLED = text("""
INSERT INTO alert_call (ref, root_id, alert_id, colour, person_id, name, phone, area_path, points)
SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (ref uuid, root_id uuid, alert_id uuid,
    colour text, person_id uuid, name text, phone text, area_path text, points int)
ON CONFLICT (ref) DO NOTHING
""")
