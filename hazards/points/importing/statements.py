"""Compare and write as sets: what each row would make of its entry, then all of them at once."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

from hazards.points.rules import GRADE_FROM

TEXTS = (
    "address",
    "owner_name",
    "owner_phone",
    "owner_unit",
    "owner_post",
    "monitoring_name",
    "monitoring_post",
    "monitoring_phone",
    "direction",
    "trigger",
    "works",
)
CODES = ("monitoring_method", "scale", "works_stage")
DAYS = ("found_on", "drilled_on")
ANSWERS = ("plan_exists", "cards_given")
VOLUME = "volume_m3"
LISTS = ("monitors", "warning_means")
COUNTS = ("threatened_persons", "threatened_households", "threatened_frail")
PLAIN = ("name", "category", "evidence", "hazard_type")
PROPERTY = "threatened_property_10k_yuan"
WRITTEN = (
    *PLAIN,
    *TEXTS,
    *COUNTS,
    PROPERTY,
    *CODES,
    *DAYS,
    *ANSWERS,
    VOLUME,
    *LISTS,
    "grade",
    "grade_origin",
    "grade_reason",
    "place",
    "extent",
)
"""Columns a file decides, and by which an entry counts as changed."""

ONCE = "OFFSET 0"
"""Keeps PostgreSQL from writing a column's expression out wherever the column is used: the grade
alone was worked out eight times for each row."""
BY_NUMBER = "point.source = staged.source AND point.number = staged.number"
NONE_YET = "false"
"""How a row finds its entry, and how where there was none before the import."""
PERSONS_NOW = "coalesce(now_says.threatened_persons, 0)"
PROPERTY_NOW = "coalesce(now_says.threatened_property_10k_yuan, 0)"


def final(column: str, mapped: frozenset[str]) -> str:
    """Give a column's value after the import: the file's, else what the ledger has."""
    staged = f"staged.{column}"
    if column == PROPERTY:
        staged = f"round({staged}, 2)"
    if column == VOLUME:
        staged = f"round({staged}, 1)"
    if column in DAYS:
        staged = f"{staged}::date"
    if column in ANSWERS:
        staged = f"{staged}::boolean"
    if column == "monitors":
        return f"coalesce({staged if column in mapped else 'point.monitors'}, '[]')"
    if column == "warning_means":
        said = f"ARRAY(SELECT jsonb_array_elements_text({staged}))"
        return said if column in mapped else "coalesce(point.warning_means, '{}')"
    if column in TEXTS:
        return f"coalesce({staged if column in mapped else f'point.{column}'}, '')"
    return staged if column in mapped else f"point.{column}"


def computed_grade() -> str:
    """Write the rule of `rules.computed_grade` for rows, from the same figures."""
    cases = " ".join(
        f"WHEN {PERSONS_NOW} >= {persons} OR {PROPERTY_NOW} >= {worth} THEN '{grade}'"
        for grade, persons, worth in GRADE_FROM
    )
    return f"CASE {cases} ELSE 'IV' END"


def rows_said(mapped: frozenset[str], entry: str = BY_NUMBER) -> str:
    """Say what each good row makes of its entry, `point_id` empty where there is none yet.

    `asked` is a grade the file gives with a reason or against the figures, or one set by hand.
    """
    columns = (*PLAIN, *TEXTS, *COUNTS, PROPERTY, *CODES, *DAYS, *ANSWERS, VOLUME, *LISTS)
    values = ", ".join(f"{final(column, mapped)} AS {column}" for column in columns)
    # A row without an outline leaves the one the ledger has.
    drawn = "ST_SetSRID(ST_GeomFromWKB(decode(staged.extent, 'hex')), 4326)"
    return f"""
        WITH now_says AS (
            SELECT staged.line, staged.source, staged.number, staged.area_path,
                   'approved' AS state, staged.grade AS file_grade,
                   nullif(staged.grade_reason, '') AS file_reason,
                   point.id AS point_id, point.version AS seen,
                   point.grade AS grade_before, point.grade_origin AS origin_before,
                   point.grade_reason AS reason_before,
                   ST_SetSRID(ST_MakePoint(longitude, latitude), 4326) AS place,
                   coalesce({drawn}, point.extent) AS extent, {values}
            FROM staged LEFT JOIN hazard_point AS point ON {entry}
            {ONCE}
        ), graded AS (
            SELECT now_says.*, {computed_grade()} AS figures FROM now_says {ONCE}
        ), decided AS (
            SELECT graded.*,
                CASE WHEN file_grade <> figures OR file_reason IS NOT NULL THEN file_grade
                     WHEN file_grade IS NULL AND origin_before = 'by_hand' THEN grade_before
                END AS asked,
                coalesce(file_reason, CASE WHEN origin_before = 'by_hand' AND coalesce(file_grade,
                    grade_before) = grade_before THEN reason_before END,
                    'As the source ' || source || ' says.') AS reason
            FROM graded
        ), said AS (
            SELECT decided.*, coalesce(asked, figures) AS grade,
                CASE WHEN asked IS NULL THEN 'computed' ELSE 'by_hand' END AS grade_origin,
                CASE WHEN asked IS NULL THEN NULL ELSE reason END AS grade_reason
            FROM decided
        )
    """  # noqa: S608 - made of this file's own words


def listed(columns: Iterable[str], table: str = "") -> str:
    """Join column names, with their table in front."""
    return ", ".join(f"{table}{column}" for column in columns)


def changed_rows(mapped: frozenset[str]) -> TextClause:
    """Keep the rows that would change their entry in `changed`."""
    statement = f"""
        CREATE TEMP TABLE changed ON COMMIT DROP AS {rows_said(mapped)}
        SELECT said.* FROM said JOIN hazard_point AS point ON point.id = said.point_id
        WHERE ({listed(WRITTEN, "said.")}) IS DISTINCT FROM ({listed(WRITTEN, "point.")})
    """  # noqa: S608 - made of this file's own words
    return text(statement)


def insert_new(mapped: frozenset[str], entry: str = BY_NUMBER) -> TextClause:
    """Write the rows that have no entry yet.

    The ids are version 7 like everywhere: the import's time and chance in front, the line at the
    end, so that table and index grow at one end and no row waits for a random number.
    """
    statement = f"""
        INSERT INTO hazard_point (id, {listed(WRITTEN)}, number, source, area_path, state,
            synthetic, version, changed_at, changed_by, changed_by_name)
        {rows_said(mapped, entry)}
        SELECT (:id_head || lpad(to_hex(line), 8, '0'))::uuid, {listed(WRITTEN)}, number,
            source, area_path, state, :synthetic, 1, :now, :by_id, :by_name
        FROM said WHERE point_id IS NULL
    """  # noqa: S608 - made of this file's own words
    return text(statement)


KNOWN = text("""
    SELECT lon, lat, known_lon, known_lat FROM (
        SELECT asked.longitude AS lon, asked.latitude AS lat, ST_X(point.place) AS known_lon,
               ST_Y(point.place) AS known_lat, count(*) OVER (PARTITION BY line) AS alike
        FROM (SELECT line, longitude, latitude, source, number, name FROM staged LIMIT 2000)
          AS asked
        JOIN hazard_point AS point
          ON point.place && ST_Expand(ST_SetSRID(ST_MakePoint(longitude, latitude), 4326), 0.02)
         AND (point.name = asked.name
              OR (point.source, point.number) = (asked.source, asked.number))
    ) AS found WHERE alike = 1
""")
"""Points of the ledger that rows speak of, by number or by name within some two kilometres."""

AFRESH = text("DROP TABLE IF EXISTS pg_temp.changed")
COUNT = text("""
    SELECT every - (SELECT count(*) FROM staged JOIN hazard_point AS point
                     ON point.source = staged.source AND point.number = staged.number),
           (SELECT count(*) FROM changed), every
    FROM (SELECT count(*) FROM staged) AS counted (every)
""")

TOUCHED = text("""
    SELECT area_path FROM changed
    UNION
    SELECT area_path FROM staged WHERE NOT EXISTS (
        SELECT FROM hazard_point AS point
        WHERE point.source = staged.source AND point.number = staged.number)
""")

UPDATE_ROWS = f"""
    UPDATE hazard_point AS point SET ({listed(WRITTEN)}, area_path, version, changed_at,
        changed_by, changed_by_name) = ROW ({listed(WRITTEN, "changed.")}, changed.area_path,
        point.version + 1, :now, :by_id, :by_name)
    FROM changed WHERE point.id = changed.point_id AND point.version = changed.seen
"""  # noqa: S608 - made of this file's own words
UPDATE = text(UPDATE_ROWS)

REST = text("SELECT rest_points()")
"""Where the ledger is empty and nobody reads it just now, indexes and sums wait for the rows."""
WAKE = text("SET CONSTRAINTS make_resting_index IMMEDIATE")
"""What waits is made now; whatever happens, no transaction ends without it."""
