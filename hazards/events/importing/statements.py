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

AFRESH = text("DROP TABLE IF EXISTS pg_temp.changed")
CHANGED_ROWS = f"""
    CREATE TEMP TABLE changed ON COMMIT DROP AS
    SELECT said.* FROM ({SAID}) AS said JOIN disaster_event AS event ON event.id = said.event_id
    WHERE ({SAID_COLUMNS}) IS DISTINCT FROM ({EVENT_COLUMNS})
"""  # noqa: S608 - made of this file's own words
CHANGED = text(CHANGED_ROWS)

COUNT = text("""
    SELECT every - (SELECT count(*) FROM staged JOIN disaster_event AS event
                     ON event.source = staged.source AND event.source_id = staged.number),
           (SELECT count(*) FROM changed), every
    FROM (SELECT count(*) FROM staged) AS counted (every)
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

# What a record said before is kept, so that the whole list can be taken back.
BEFORE = text("""
    INSERT INTO event_import (import_id, event_id, area_path, made_at, before)
    SELECT :import_id, event.id, changed.area_path, :now, jsonb_build_object(
        'hazard_type', event.hazard_type, 'title', event.title,
        'happened_at', event.happened_at, 'time_precision', event.time_precision,
        'place', ST_AsEWKT(event.place), 'location_accuracy_m', event.location_accuracy_m,
        'deaths', event.deaths, 'injured', event.injured, 'loss_10k_yuan', event.loss_10k_yuan,
        'raw', event.raw, 'area_path', event.area_path)
    FROM changed JOIN disaster_event AS event ON event.id = changed.event_id
""")
MADE_ROWS = f"""
    INSERT INTO event_import (import_id, event_id, area_path, made_at)
    SELECT :import_id, event.id, event.area_path, :now
    FROM ({SAID}) AS said JOIN disaster_event AS event
      ON event.source = said.source AND event.source_id = said.source_id
    WHERE event.id = (:id_head || lpad(to_hex(said.line), 8, '0'))::uuid
"""  # noqa: S608 - made of this file's own words
MADE = text(MADE_ROWS)

NEW_ROWS = f"""
    SELECT line, source_id AS number, title AS name, hazard_type AS type_code,
        ST_X(place) AS longitude, ST_Y(place) AS latitude,
        location_accuracy_m::float8 AS accuracy_m,
        to_char(happened_at, 'YYYY-MM-DD') AS day
    FROM ({SAID}) AS said WHERE event_id IS NULL ORDER BY line LIMIT :limit
"""  # noqa: S608 - made of this file's own words
NEW = text(NEW_ROWS)
DIFFERENT = text("""
    SELECT changed.line, event.id::text AS id, changed.source_id AS number,
        changed.title AS name,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_build_object(
            'hazard_type', jsonb_build_array(event.hazard_type, changed.hazard_type),
            'title', jsonb_build_array(event.title, changed.title),
            'happened_at', jsonb_build_array(to_char(event.happened_at, 'YYYY-MM-DD HH24:MI'),
                to_char(changed.happened_at, 'YYYY-MM-DD HH24:MI')),
            'time_precision', jsonb_build_array(event.time_precision, changed.time_precision),
            'location_accuracy_m',
                jsonb_build_array(event.location_accuracy_m, changed.location_accuracy_m),
            'deaths', jsonb_build_array(event.deaths, changed.deaths),
            'injured', jsonb_build_array(event.injured, changed.injured),
            'loss_10k_yuan', jsonb_build_array(event.loss_10k_yuan, changed.loss_10k_yuan)
        )) WHERE value -> 0 IS DISTINCT FROM value -> 1) AS differences,
        round(ST_Distance(event.place::geography, changed.place::geography))::float8 AS moved_m
    FROM changed JOIN disaster_event AS event ON event.id = changed.event_id
    ORDER BY changed.line LIMIT :limit
""")
