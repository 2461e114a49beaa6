"""Compare and write stores as sets: rows of one store become one row with its whole stock."""

from sqlalchemy import text

TWICE = text("""
    SELECT line, number, material, first_line FROM (
        SELECT line, number, material, min(line) OVER same AS first_line
        FROM staged WHERE material IS NOT NULL WINDOW same AS (PARTITION BY source, number, material)
    ) AS several WHERE line > first_line
""")  # noqa: E501 - one clause a line
AMOUNTLESS = text("""
    SELECT line, amount IS NULL AS lacks_amount FROM staged
    WHERE (material IS NULL) <> (amount IS NULL)
""")
COUNTED = text("""
    SELECT line, staged.unit, material.unit_zh, material.unit_en, material.name_zh, material.name_en
    FROM staged JOIN material ON material.code = staged.material
    WHERE staged.unit IS NOT NULL AND lower(staged.unit) NOT IN (unit_zh, lower(unit_en))
""")
AFRESH = text("DROP TABLE IF EXISTS pg_temp.said")
SAID = text("""
    CREATE TEMP TABLE said ON COMMIT DROP AS
    SELECT one.*, store.id AS store_id, store.area_path AS path_before,
        (one.name, one.address, one.keeper, one.keeper_phone, one.place, one.stock, one.area_path)
          IS DISTINCT FROM (store.name, store.address, store.keeper, store.keeper_phone,
                            store.place, store.stock, store.area_path) AS differs
    FROM (
        SELECT source, number, min(line) AS line, min(name) AS name,
            coalesce(min(address), '') AS address, coalesce(min(keeper), '') AS keeper,
            coalesce(min(keeper_phone), '') AS keeper_phone, min(area_path) AS area_path,
            ST_SetSRID(ST_MakePoint(min(longitude), min(latitude)), 4326) AS place,
            coalesce(jsonb_object_agg(material, trim_scale(amount))
                FILTER (WHERE amount > 0), '{}') AS stock
        FROM staged GROUP BY source, number
    ) AS one
    LEFT JOIN material_store AS store
      ON store.source = one.source AND store.source_id = one.number
""")
COUNT = text("""
    SELECT count(*) FILTER (WHERE store_id IS NULL),
        count(*) FILTER (WHERE store_id IS NOT NULL AND differs), count(*) FROM said
""")
TOUCHED = text("""
    SELECT area_path FROM said WHERE differs
    UNION SELECT path_before FROM said WHERE differs AND path_before IS NOT NULL
""")
BOOK = text("""
    INSERT INTO store_booking (id, store_id, area_path, material, before, after, note, booked_at,
        by_name)
    SELECT gen_random_uuid(), store.id, store.area_path, code, before, after, '', :now, :by_name
    FROM said JOIN material_store AS store ON store.id = said.store_id AND said.differs
    CROSS JOIN LATERAL (
        SELECT code, coalesce((store.stock ->> code)::numeric, 0) AS before,
            coalesce((said.stock ->> code)::numeric, 0) AS after
        FROM jsonb_object_keys(store.stock || said.stock) AS code
    ) AS counted
    WHERE before <> after
""")
UPDATE = text("""
    UPDATE material_store AS store SET (name, address, keeper, keeper_phone, place, stock,
        area_path, changed_at, changed_by_name) = ROW (said.name, said.address, said.keeper,
        said.keeper_phone, said.place, said.stock, said.area_path, :now, :by_name)
    FROM said WHERE store.id = said.store_id AND said.differs
""")
INSERT = text("""
    INSERT INTO material_store (id, source, source_id, name, address, keeper, keeper_phone,
        place, stock, area_path, synthetic, changed_at, changed_by_name)
    SELECT (:id_head || lpad(to_hex(line), 8, '0'))::uuid, source, number, name, address,
        keeper, keeper_phone, place, stock, area_path, :synthetic, :now, :by_name
    FROM said WHERE store_id IS NULL ORDER BY line
    ON CONFLICT (source, source_id) DO NOTHING
""")
FOLLOW = text("""
    UPDATE material_store SET area_path = moved.path
    FROM unnest(CAST(:ids AS uuid[]), CAST(:paths AS text[])) AS moved (id, path)
    WHERE material_store.id = moved.id
""")
