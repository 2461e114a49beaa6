"""Tasks made, cancelled and brought back as sets: an area of any size in one statement.

`places_standing`, `lists_due` and `roles_held` are functions of the schema (migrations 0017, 0025).
"""

from sqlalchemy import text

# Whoever looks after a point and can sign in gets its tasks; else they are the street's people's
# of the list's role; where there are none, whoever the responsibility list names (`stand_ins`).
CARRIERS = """people AS MATERIALIZED (
    SELECT DISTINCT ON (phone) phone, account_id, name FROM member
    WHERE area_path >= :low AND area_path < :high AND phone <> '' AND account_id IS NOT NULL
        AND (until IS NULL OR until > CAST(:today AS date))
    ORDER BY phone, rank, id
),
stand_in AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(CAST(:stand_ins AS jsonb)) AS s (
        role text, category text, hazard_type text, path text, account_id uuid, person text,
        phone text)
)"""
CARRIED = """LEFT JOIN people ON people.phone = p.owner_phone
LEFT JOIN stand_in ON people.account_id IS NULL AND stand_in.path = p.area_path
    AND stand_in.role = d.role AND stand_in.category = p.category
    AND stand_in.hazard_type = p.hazard_type"""
MAKE_ROWS = f"""
WITH placed AS MATERIALIZED (SELECT * FROM places_standing(:low, :high, :since, :at)),
due AS MATERIALIZED (SELECT * FROM lists_due(CAST(:due AS jsonb))),
{CARRIERS}
INSERT INTO task (subject_id, template_code, template_version, period, area_path, mode, role,
    account_id, person, person_phone, from_at, due_at, synthetic)
SELECT p.id, d.template_code, d.version,
    CASE WHEN d.per_emergency
        THEN d.period || '/' || to_char(placed.since AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISSUS')
        ELSE d.period END,
    p.area_path, d.mode, d.role, coalesce(people.account_id, stand_in.account_id),
    coalesce(people.name, stand_in.person, ''), coalesce(people.phone, stand_in.phone, ''),
    d.from_at, d.due_at, p.synthetic
FROM hazard_point p
JOIN placed ON placed.path = p.area_path
JOIN due d ON d.category = p.category AND d.hazard_type = p.hazard_type AND d.holds_in = placed.mode
{CARRIED}
WHERE p.state = 'approved' AND p.area_path >= :low AND p.area_path < :high
    AND p.changed_at >= :since
ON CONFLICT (subject_id, template_code, period) DO NOTHING
"""  # noqa: S608 - made of this file's own words
MAKE = text(MAKE_ROWS)
# How many lists fall due and who is there the planner cannot know: it guessed one row, joined in
# loops and read every point once for each list. Sets are joined as sets, whatever it guesses.
AS_SETS = text("SET LOCAL enable_nestloop = off")
AS_BEFORE = text("SET LOCAL enable_nestloop = on")
KINDS = text("""
SELECT DISTINCT category, hazard_type, area_path FROM hazard_point
WHERE state = 'approved' AND area_path >= :low AND area_path < :high AND changed_at >= :since
""")
HELD = text("SELECT role, path FROM roles_held(:low, :high)")
# What nobody has begun and no mode asks for any more; the round after the rain belongs to the calm
# that it was made in, and goes where another mode begins.
CANCEL = text(
    """WITH placed AS MATERIALIZED (SELECT * FROM places_standing(:low, :high, :since, :at))
UPDATE task SET state = 'cancelled', cancelled_at = :at, cancelled_why = 'mode'
FROM placed
WHERE task.state = 'open' AND task.area_path = placed.path AND task.alert_id IS NULL
    AND CASE WHEN right(task.period, 6) = '/after' THEN placed.since >= :at
        ELSE task.mode <> placed.mode END
    AND task.area_path >= :low AND task.area_path < :high
"""
)
# A switch back within the same turn brings its tasks back, with the whole time to do them.
REVIVE = text(
    """WITH placed AS MATERIALIZED (SELECT * FROM places_standing(:low, :high, :since, :at)),
due AS MATERIALIZED (SELECT * FROM lists_due(CAST(:due AS jsonb))),
turns AS (SELECT DISTINCT template_code, period, holds_in, from_at, due_at FROM due)
UPDATE task SET state = 'open', cancelled_at = NULL, cancelled_why = NULL,
    from_at = turns.from_at, due_at = turns.due_at, call_ref = NULL
FROM placed, turns
WHERE task.state = 'cancelled' AND task.cancelled_why = 'mode' AND task.area_path = placed.path
    AND turns.template_code = task.template_code AND turns.period = task.period
    AND turns.holds_in = placed.mode AND task.area_path >= :low AND task.area_path < :high
"""
)
# What left the ledger or the registry, and what boundaries moved, takes its tasks along.
POINT_GONE = text("""
UPDATE task SET state = 'cancelled', cancelled_at = :at, cancelled_why = 'point_gone'
FROM task_subject p
WHERE p.id = task.subject_id AND p.state = 'delisted' AND p.changed_at >= :since
    AND p.area_path >= :low AND p.area_path < :high AND task.state = 'open'
""")
# A point of another kind gives up its lists; an undo that makes it what it was brings them back.
POINT_CHANGED = text("""
WITH looked AS (
    SELECT task.id, p.asks = ANY(t.applies_to)
        AND (t.hazard_types = '{}' OR p.hazard_type = ANY(t.hazard_types)) AS fits
    FROM task_subject p JOIN task ON task.subject_id = p.id JOIN checklist_template t
        ON t.code = task.template_code AND t.version = task.template_version
    WHERE p.state = 'approved' AND p.changed_at >= :since
        AND p.area_path >= :low AND p.area_path < :high AND task.state IN ('open', 'cancelled')
)
UPDATE task SET state = CASE WHEN looked.fits THEN 'open' ELSE 'cancelled' END,
    cancelled_at = CASE WHEN looked.fits THEN NULL ELSE CAST(:at AS timestamptz) END,
    cancelled_why = CASE WHEN looked.fits THEN NULL ELSE 'point_changed' END
FROM looked
WHERE task.id = looked.id AND CASE WHEN looked.fits
    THEN task.cancelled_why IN ('point_gone', 'point_changed') AND task.due_at > :at
        AND task.mode = mode_at(task.area_path, :at)
    ELSE task.state = 'open' END
""")
POINT_MOVED = text("""
UPDATE task SET area_path = p.area_path
FROM task_subject p
WHERE p.id = task.subject_id AND p.changed_at >= :since AND p.area_path >= :low
    AND p.area_path < :high AND task.area_path <> p.area_path AND task.state IN ('open', 'begun')
""")
MODES_IN = text("""
SELECT DISTINCT mode FROM area_mode
WHERE period @> CAST(:at AS timestamptz)
    AND (starts_with(:path, area_path) OR (area_path >= :low AND area_path < :high))
""")
ROUND = text("""
INSERT INTO task_round (area_path, digest, made_at) VALUES (:path, :digest, :at)
ON CONFLICT (area_path) DO UPDATE SET digest = EXCLUDED.digest, made_at = EXCLUDED.made_at
""")
