"""Compare and write disaster records as sets."""

from sqlalchemy import text

COLUMNS = (
    "hazard_type, title, happened_at, time_precision, place, location_accuracy_m, deaths,"
    " injured, loss_10k_yuan, raw"
)

# A catalogue's times without a zone are taken as UTC; `time_precision` says how little they mean.
SAID = """
    SELECT staged.line, staged.source, staged.number AS source_id, staged.area_path,
           staged.hazard_type, coalesce(staged.title, '') AS title,
           staged.happened_at AT TIME ZONE 'UTC' AS happened_at,
           coalesce(staged.time_precision, 'day') AS time_precision,
           ST_SetSRID(ST_MakePoint(longitude, latitude), 4326) AS place,
           staged.location_accuracy_m, staged.deaths::integer, staged.injured::integer,
           round(staged.loss_10k_yuan::numeric, 2)::numeric(14, 2) AS loss_10k_yuan,
           coalesce(staged.raw, '{}') AS raw, event.id AS event_id
    FROM staged LEFT JOIN disaster_event AS event
      ON event.source = staged.source AND event.source_id = staged.number
"""
SAID_COLUMNS = ", ".join(f"said.{column.strip()}" for column in COLUMNS.split(","))
EVENT_COLUMNS = ", ".join(f"event.{column.strip()}" for column in COLUMNS.split(","))

CHANGED_ROWS = f"""
    CREATE TEMP TABLE changed ON COMMIT DROP AS
    SELECT said.* FROM ({SAID}) AS said JOIN disaster_event AS event ON event.id = said.event_id
    WHERE ({SAID_COLUMNS}) IS DISTINCT FROM ({EVENT_COLUMNS})
"""  # noqa: S608 - made of this file's own words
CHANGED = text(CHANGED_ROWS)

COUNT = text("""
    SELECT (SELECT count(*) FROM staged),
           (SELECT count(*) FROM staged JOIN disaster_event AS event
             ON event.source = staged.source AND event.source_id = staged.number),
           (SELECT count(*) FROM changed)
""")

UPDATE_ROWS = f"""
    UPDATE disaster_event AS event SET ({COLUMNS}, area_path, weighed)
        = ROW ({SAID_COLUMNS.replace("said.", "changed.")}, changed.area_path, false)
    FROM changed WHERE event.id = changed.event_id
"""  # noqa: S608 - made of this file's own words
UPDATE = text(UPDATE_ROWS)

INSERT_ROWS = f"""
    INSERT INTO disaster_event (id, source, source_id, {COLUMNS}, area_path, synthetic)
    SELECT (:id_head || lpad(to_hex(line), 8, '0'))::uuid, source, source_id, {COLUMNS},
        area_path, :synthetic
    FROM ({SAID}) AS said WHERE event_id IS NULL
    ON CONFLICT (source, source_id) DO NOTHING
"""  # noqa: S608 - made of this file's own words
INSERT = text(INSERT_ROWS)
