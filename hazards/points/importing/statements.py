"""Compare and write as sets: what each row would make of its entry, then all of them at once."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

from hazards.points.rules import GRADE_FROM

TEXTS = ("address", "owner_name", "owner_phone", "owner_unit")
COUNTS = ("threatened_persons", "threatened_households", "threatened_frail")
PLAIN = ("name", "category", "evidence", "hazard_type")
PROPERTY = "threatened_property_10k_yuan"
WRITTEN = (
    *PLAIN,
    *TEXTS,
    *COUNTS,
    PROPERTY,
    "grade",
    "grade_origin",
    "grade_reason",
    "place",
    "extent",
)
"""Columns a file decides, and by which an entry counts as changed."""

PERSONS_NOW = "coalesce(now_says.threatened_persons, 0)"
PROPERTY_NOW = "coalesce(now_says.threatened_property_10k_yuan, 0)"


def final(column: str, mapped: frozenset[str]) -> str:
    """Give a column's value after the import: the file's, else what the ledger has."""
    staged = f"staged.{column}"
    if column == PROPERTY:
        staged = f"round({staged}::numeric, 2)"
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


def prepare(mapped: frozenset[str]) -> TextClause:
    """Write what each good row would make of its entry into `ready`.

    `asked` is a grade the file gives against the figures, or one a person set by hand before.
    """
    columns = (*PLAIN, *TEXTS, *COUNTS, PROPERTY)
    values = ", ".join(f"{final(column, mapped)} AS {column}" for column in columns)
    # A row without an outline leaves the one the ledger has.
    extent = (
        "coalesce(ST_SetSRID(ST_GeomFromWKB(decode(staged.extent, 'hex')), 4326), point.extent)"
    )
    statement = f"""
        CREATE TEMP TABLE ready ON COMMIT DROP AS
        WITH now_says AS (
            SELECT staged.line, staged.source, staged.number,
                   point.id AS point_id, point.version AS seen,
                   staged.grade AS file_grade, staged_area.path AS area_path,
                   coalesce(staged.state, 'draft') AS state, staged.place,
                   {extent} AS extent, {values}
            FROM staged JOIN staged_area USING (line)
            LEFT JOIN hazard_point AS point
              ON point.source = staged.source AND point.number = staged.number
        ), graded AS (
            SELECT now_says.*, {computed_grade()} AS figures FROM now_says
        ), decided AS (
            SELECT graded.*,
                CASE WHEN file_grade IS NOT NULL AND file_grade <> figures THEN file_grade
                     WHEN file_grade IS NULL AND point.grade_origin = 'by_hand' THEN point.grade
                END AS asked,
                CASE WHEN point.grade_origin = 'by_hand'
                      AND coalesce(file_grade, point.grade) = point.grade THEN point.grade_reason
                     ELSE 'As the source ' || graded.source || ' says.' END AS reason
            FROM graded LEFT JOIN hazard_point AS point ON point.id = graded.point_id
        )
        SELECT decided.*, coalesce(asked, figures) AS grade,
            CASE WHEN asked IS NULL THEN 'computed' ELSE 'by_hand' END AS grade_origin,
            CASE WHEN asked IS NULL THEN NULL ELSE reason END AS grade_reason
        FROM decided
    """  # noqa: S608 - made of this file's own words
    return text(statement)


def differs() -> str:
    """Tell a row that would change its entry."""
    mine = ", ".join(f"ready.{column}" for column in WRITTEN)
    theirs = ", ".join(f"point.{column}" for column in WRITTEN)
    return f"({mine}) IS DISTINCT FROM ({theirs})"


COUNT_ROWS = f"""
    SELECT count(*) FILTER (WHERE point.id IS NULL) AS new,
           count(*) FILTER (WHERE point.id IS NOT NULL AND {differs()}) AS changed,
           count(*) AS all_rows
    FROM ready LEFT JOIN hazard_point AS point ON point.id = ready.point_id
"""  # noqa: S608 - made of this file's own words
COUNT = text(COUNT_ROWS)

TOUCHED_ROWS = f"""
    SELECT DISTINCT ready.area_path
    FROM ready LEFT JOIN hazard_point AS point ON point.id = ready.point_id
    WHERE point.id IS NULL OR {differs()}
"""  # noqa: S608 - made of this file's own words
TOUCHED = text(TOUCHED_ROWS)


def listed(columns: Iterable[str], table: str = "") -> str:
    """Join column names, with their table in front."""
    return ", ".join(f"{table}{column}" for column in columns)


# The ids are version 7 like everywhere: time in front, so that rows and index grow at one end.
# In the order of place, neighbours share pages of table and index.
INSERT_ROWS = f"""
    INSERT INTO hazard_point (id, {listed(WRITTEN)}, number, source, area_path, state, synthetic,
        version, changed_at, changed_by, changed_by_name)
    SELECT (:id_head || substr(gen_random_uuid()::text, 16))::uuid, {listed(WRITTEN)}, number,
        source, area_path, state, :synthetic, 1, :now, :by_id, :by_name
    FROM ready WHERE point_id IS NULL ORDER BY place
"""  # noqa: S608 - made of this file's own words
INSERT = text(INSERT_ROWS)

UPDATE_ROWS = f"""
    UPDATE hazard_point AS point SET ({listed(WRITTEN)}, area_path, version, changed_at,
        changed_by, changed_by_name) = ROW ({listed(WRITTEN, "ready.")}, ready.area_path,
        point.version + 1, :now, :by_id, :by_name)
    FROM ready WHERE point.id = ready.point_id AND point.version = ready.seen AND {differs()}
"""  # noqa: S608 - made of this file's own words
UPDATE = text(UPDATE_ROWS)
