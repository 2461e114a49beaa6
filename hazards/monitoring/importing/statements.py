"""Compare and write stations and their streams as sets."""

from sqlalchemy import text

TWICE = text("""
    SELECT line, number, property, first_line FROM (
        SELECT line, number, property, min(line) OVER same AS first_line FROM staged
        WINDOW same AS (PARTITION BY source, number, property, coalesce(channel, ''))
    ) AS several WHERE line > first_line
""")
MARKS_AFRESH = text("DROP TABLE IF EXISTS pg_temp.said_marks")
# What each row says of marks; of those that it leaves empty it says nothing.
MARKS = text("""
    CREATE TEMP TABLE said_marks ON COMMIT DROP AS
    SELECT line, property, (
        SELECT coalesce(jsonb_object_agg(substr(key, 6), value::float8), '{}')
        FROM jsonb_each_text(to_jsonb(staged))
        WHERE starts_with(key, 'mark_') AND value IS NOT NULL
    ) AS marks FROM staged
""")
MARKED = text("SELECT line, property, marks FROM said_marks WHERE marks <> '{}' ORDER BY line")
AFRESH = text("DROP TABLE IF EXISTS pg_temp.said_stream, pg_temp.said")
STATIONS = text("""
    CREATE TEMP TABLE said ON COMMIT DROP AS
    SELECT one.*, point.id AS point_id, point.area_path AS path_before,
        (one.name, one.address, one.keeper, one.keeper_phone, one.place, one.facts, one.area_path)
          IS DISTINCT FROM (point.name, point.address, point.keeper, point.keeper_phone,
                            point.place, point.facts, point.area_path) AS differs
    FROM (
        SELECT DISTINCT ON (source, number) source, number, line, name,
            coalesce(address, '') AS address, coalesce(keeper, '') AS keeper,
            coalesce(keeper_phone, '') AS keeper_phone, coalesce(facts, '{}') AS facts,
            area_path, ST_SetSRID(ST_MakePoint(longitude, latitude), 4326) AS place
        FROM staged ORDER BY source, number, line
    ) AS one
    LEFT JOIN monitoring_point AS point ON point.source = one.source AND point.code = one.number
""")
STREAMS = text("""
    CREATE TEMP TABLE said_stream ON COMMIT DROP AS
    SELECT staged.source, staged.number, staged.property, coalesce(staged.channel, '') AS channel,
        paced.interval_s, paced.silent_after_s, said.area_path, said.differs, marked.marks,
        stream.id AS stream_id, (stream.interval_s, stream.silent_after_s)
            IS DISTINCT FROM (paced.interval_s, paced.silent_after_s)
            OR NOT coalesce(stream.marks @> marked.marks, true) AS paced
    FROM staged JOIN said USING (source, number)
    CROSS JOIN LATERAL (
        SELECT coalesce(round(staged.interval_min * 60), 3600)::integer AS interval_s,
            coalesce(round(staged.silent_after_min * 60),
                greatest(900, 3 * coalesce(round(staged.interval_min * 60), 3600)))::integer
                AS silent_after_s
    ) AS paced
    JOIN said_marks AS marked ON marked.line = staged.line
    LEFT JOIN datastream AS stream ON stream.point_id = said.point_id
        AND stream.property = staged.property AND stream.channel = coalesce(staged.channel, '')
""")
COUNT = text("""
    SELECT count(*) FILTER (WHERE stream_id IS NULL),
        count(*) FILTER (WHERE stream_id IS NOT NULL AND (differs OR paced)), count(*)
    FROM said_stream
""")
STATIONS_MADE = text("SELECT count(*) FROM said WHERE point_id IS NULL")
TOUCHED = text("""
    SELECT area_path FROM said_stream WHERE stream_id IS NULL OR differs OR paced
    UNION SELECT path_before FROM said WHERE differs AND path_before IS NOT NULL
""")
UPDATE_STATIONS = text("""
    UPDATE monitoring_point AS point
    SET (name, address, keeper, keeper_phone, place, facts, area_path) = ROW (said.name,
        said.address, said.keeper, said.keeper_phone, said.place, said.facts, said.area_path)
    FROM said WHERE point.id = said.point_id AND said.differs
""")
INSERT_STATIONS = text("""
    INSERT INTO monitoring_point (id, source, code, name, address, keeper, keeper_phone, place,
        facts, area_path, synthetic)
    SELECT (:id_head || lpad(to_hex(line), 8, '0'))::uuid, source, number, name, address, keeper,
        keeper_phone, place, facts, area_path, :synthetic
    FROM said WHERE point_id IS NULL ORDER BY line
    ON CONFLICT (source, code) DO NOTHING
""")
PACE_STREAMS = text("""
    UPDATE datastream AS stream
    SET (interval_s, silent_after_s, marks) = ROW (said.interval_s, said.silent_after_s,
        stream.marks || said.marks)
    FROM said_stream AS said WHERE stream.id = said.stream_id AND said.paced
""")
PLACE_STREAMS = text("""
    UPDATE datastream AS stream SET area_path = said.area_path
    FROM said WHERE stream.point_id = said.point_id AND stream.area_path <> said.area_path
""")
INSERT_STREAMS = text("""
    INSERT INTO datastream (id, point_id, area_path, property, channel, interval_s,
        silent_after_s, marks)
    SELECT gen_random_uuid(), point.id, point.area_path, said.property, said.channel,
        said.interval_s, said.silent_after_s, said.marks
    FROM said_stream AS said
    JOIN monitoring_point AS point ON point.source = said.source AND point.code = said.number
    WHERE said.stream_id IS NULL
    ON CONFLICT (point_id, property, channel) DO NOTHING
""")
NEW = text("""
    SELECT min(said.line) AS line, said.number, min(said.name) || ' · '
            || string_agg(DISTINCT of.name_zh, '、') AS name,
        min(ST_X(said.place)) AS longitude, min(ST_Y(said.place)) AS latitude
    FROM said JOIN said_stream AS stream USING (source, number)
    JOIN observed_property AS of ON of.code = stream.property
    WHERE stream.stream_id IS NULL GROUP BY said.source, said.number
    ORDER BY line LIMIT :limit
""")
CHANGED = text("""
    SELECT said.line, said.number, said.name || ' · ' || of.name_zh AS name,
        CAST(point.id AS text) AS id,
        coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_build_object(
            'name', jsonb_build_array(point.name, said.name),
            'address', jsonb_build_array(point.address, said.address),
            'keeper', jsonb_build_array(point.keeper, said.keeper),
            'keeper_phone', jsonb_build_array(point.keeper_phone, said.keeper_phone),
            'interval_min', jsonb_build_array(had.interval_s / 60.0, stream.interval_s / 60.0),
            'silent_after_min',
                jsonb_build_array(had.silent_after_s / 60.0, stream.silent_after_s / 60.0)
        )) WHERE value -> 0 IS DISTINCT FROM value -> 1), '{}')
        || coalesce((SELECT jsonb_object_agg('mark_' || key,
                jsonb_build_array(had.marks -> key, value))
            FROM jsonb_each(stream.marks) WHERE had.marks -> key IS DISTINCT FROM value), '{}')
            AS differences,
        round(ST_Distance(point.place::geography, said.place::geography)) AS moved_m
    FROM said_stream AS stream JOIN said USING (source, number)
    JOIN observed_property AS of ON of.code = stream.property
    JOIN datastream AS had ON had.id = stream.stream_id
    JOIN monitoring_point AS point ON point.id = said.point_id
    WHERE stream.differs OR stream.paced ORDER BY said.line LIMIT :limit
""")
BEFORE = text("""
    INSERT INTO station_import (import_id, stream_id, point_id, area_path, made_at, made_station,
        before)
    SELECT :import_id, had.id, point.id, said.area_path, :now, false, jsonb_build_object(
        'name', point.name, 'address', point.address, 'keeper', point.keeper,
        'keeper_phone', point.keeper_phone, 'facts', point.facts, 'area_path', point.area_path,
        'place', ST_AsEWKT(point.place), 'interval_s', had.interval_s,
        'silent_after_s', had.silent_after_s, 'marks', had.marks)
    FROM said_stream AS stream JOIN said USING (source, number)
    JOIN datastream AS had ON had.id = stream.stream_id
    JOIN monitoring_point AS point ON point.id = said.point_id
    WHERE stream.differs OR stream.paced
""")
MADE = text("""
    INSERT INTO station_import (import_id, stream_id, point_id, area_path, made_at, made_station,
        before)
    SELECT :import_id, made.id, point.id, point.area_path, :now, said.point_id IS NULL, NULL
    FROM said_stream AS stream JOIN said USING (source, number)
    JOIN monitoring_point AS point ON point.source = said.source AND point.code = said.number
    JOIN datastream AS made ON made.point_id = point.id AND made.property = stream.property
        AND made.channel = stream.channel
    WHERE stream.stream_id IS NULL
""")
