"""Compare and write a list of households as a set."""

from sqlalchemy import text

AFRESH = text("DROP TABLE IF EXISTS pg_temp.said")
SAID = text("""
    CREATE TEMP TABLE said ON COMMIT DROP AS
    SELECT one.*, had.id AS household_id, had.area_path AS path_before,
        (one.head, one.phone, one.address, one.people, one.frail, one.needs)
          IS DISTINCT FROM (had.head, had.phone, had.address, had.people, had.frail, had.needs)
        OR NOT ST_DWithin(one.place, had.place, 1e-7) OR one.area_path <> had.area_path AS differs
    FROM (
        SELECT line, source, number, head, coalesce(phone, '') AS phone, address,
            CAST(people AS integer) AS people, CAST(frail AS integer) AS frail,
            coalesce(needs, '') AS needs, area_path,
            ST_SetSRID(ST_MakePoint(longitude, latitude), 4326) AS place
        FROM staged
    ) AS one
    LEFT JOIN household AS had ON had.source = one.source AND had.source_id = one.number
""")
COUNT = text("""
    SELECT count(*) FILTER (WHERE household_id IS NULL),
        count(*) FILTER (WHERE household_id IS NOT NULL AND differs), count(*) FROM said
""")
TOUCHED = text("""
    SELECT area_path FROM said WHERE differs
    UNION SELECT path_before FROM said WHERE differs AND path_before IS NOT NULL
""")
NEW = text("""
    SELECT line, number, head || ' · ' || address AS name, ST_X(place) AS longitude,
        ST_Y(place) AS latitude
    FROM said WHERE household_id IS NULL ORDER BY line LIMIT :limit
""")
CHANGED = text("""
    SELECT said.line, said.number, said.head || ' · ' || said.address AS name,
        coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(jsonb_build_object(
            'head', jsonb_build_array(had.head, said.head),
            'phone', jsonb_build_array(had.phone, said.phone),
            'address', jsonb_build_array(had.address, said.address),
            'people', jsonb_build_array(had.people, said.people),
            'frail', jsonb_build_array(had.frail, said.frail),
            'needs', jsonb_build_array(had.needs, said.needs)
        )) WHERE value -> 0 IS DISTINCT FROM value -> 1), '{}') AS differences,
        round(ST_Distance(had.place::geography, said.place::geography)) AS moved_m
    FROM said JOIN household AS had ON had.id = said.household_id
    WHERE said.differs ORDER BY said.line LIMIT :limit
""")
UPDATE = text("""
    UPDATE household AS had SET (head, phone, address, people, frail, needs, place, area_path,
        changed_at, changed_by_name) = ROW (said.head, said.phone, said.address, said.people,
        said.frail, said.needs, said.place, said.area_path, :now, :by_name)
    FROM said WHERE had.id = said.household_id AND said.differs
""")
INSERT = text("""
    INSERT INTO household (id, source, source_id, area_path, place, head, phone, address, people,
        frail, needs, synthetic, changed_at, changed_by_name)
    SELECT (:id_head || lpad(to_hex(line), 8, '0'))::uuid, source, number, area_path, place, head,
        phone, address, people, frail, needs, :synthetic, :now, :by_name
    FROM said WHERE household_id IS NULL ORDER BY line
    ON CONFLICT (source, source_id) DO NOTHING
""")
