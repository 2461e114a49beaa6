"""Compare and write assets as sets: what each row makes of its asset, then all at once."""

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

TEXTS = ("owner_unit", "owner_phone", "maintainer", "rank")
WRITTEN = ("type_code", "name", "place", *TEXTS, "built_year", "facts")
LISTED = ", ".join(WRITTEN)
OF_CHANGED = ", ".join(f"changed.{name}" for name in WRITTEN)
OF_SAID = ", ".join(f"said.{name}" for name in WRITTEN)
OF_ASSET = ", ".join(f"asset.{name}" for name in WRITTEN)

SAYS = """
    CREATE TEMP TABLE said ON COMMIT DROP AS
    SELECT staged.line, staged.source, staged.number, staged.area_path, staged.street,
        staged.ratings, staged.links, had.id AS asset_id, had.version AS seen,
        had.area_path AS path_before, staged.type AS type_code, {name} AS name,
        coalesce(ST_SetSRID(ST_GeomFromWKB(decode(staged.extent, 'hex')), 4326),
                 ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)) AS place,
        {texts}, {year} AS built_year,
        CASE WHEN asset.type_code = staged.type THEN asset.facts - CAST(:codes AS text[])
             ELSE '{{}}' END || staged.facts AS facts
    FROM staged LEFT JOIN asset AS had
      ON had.source = staged.source AND had.source_id = staged.number
    LEFT JOIN asset ON asset.id = had.id AND asset.retired_at IS NULL
"""
"""Of an asset that an import entered and that was taken back with it nothing is kept."""


def said(mapped: frozenset[str]) -> TextClause:
    """Keep what each good row makes of its asset: the file's word, else the registry's."""
    texts = ", ".join(
        f"coalesce({'staged' if name in mapped else 'asset'}.{name}, '') AS {name}"
        for name in TEXTS
    )
    name = "staged.name" if "name" in mapped else "coalesce(asset.name, staged.name)"
    year = "staged.built_year::integer" if "built_year" in mapped else "asset.built_year"
    statement = SAYS.format(name=name, texts=texts, year=year)
    return text(statement)


AFRESH = text("DROP TABLE IF EXISTS pg_temp.said, pg_temp.changed, pg_temp.rated, pg_temp.linked")
UNKNOWN = text("""
    SELECT line, one.key, btrim(part) FROM staged, jsonb_each_text(staged.links) AS one,
        regexp_split_to_table(one.value, '[；;，,、]+') AS part
    WHERE btrim(part) <> ''
      AND NOT EXISTS (SELECT FROM staged AS other
                      WHERE other.source = staged.source AND other.number = btrim(part))
      AND NOT EXISTS (SELECT FROM asset
                      WHERE asset.source = staged.source AND asset.source_id = btrim(part))
""")
LINKED = text("""
    CREATE TEMP TABLE linked ON COMMIT DROP AS
    SELECT said.source, said.number, said.asset_id, one.key AS relation, btrim(part) AS other
    FROM said, jsonb_each_text(said.links) AS one,
        regexp_split_to_table(one.value, '[；;，,、]+') AS part
    WHERE btrim(part) <> '' AND NOT EXISTS (
        SELECT FROM asset_link AS had JOIN asset AS target ON target.id = had.to_id
        WHERE had.from_id = said.asset_id AND had.relation = one.key
          AND target.source = said.source AND target.source_id = btrim(part))
""")
LINK = text("""
    INSERT INTO asset_link (from_id, relation, to_id, area_path, made_at, made_by_name)
    SELECT DISTINCT asset.id, linked.relation, target.id, asset.area_path, :now, :by_name
    FROM linked
    JOIN asset ON asset.source = linked.source AND asset.source_id = linked.number
    JOIN asset AS target ON target.source = linked.source AND target.source_id = linked.other
    ON CONFLICT DO NOTHING
""")
TOLD = text("SELECT count(*) FROM changed")
RETIRED = text("""
    SELECT line, staged.number FROM staged JOIN asset
      ON asset.source = staged.source AND asset.source_id = staged.number
    WHERE asset.retired_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM asset_import AS made WHERE made.asset_id = asset.id
                      AND made.undone_version = asset.version)
""")
TAKEN = text("""
    SELECT line, number FROM staged WHERE (source, number) IN (
        SELECT asked.source, taken.number
        FROM (SELECT source, array_agg(number) AS numbers FROM staged GROUP BY source) AS asked,
             assets_taken_elsewhere(asked.source, asked.numbers) AS taken (number))
""")
CHANGED_ROWS = f"""
    CREATE TEMP TABLE changed ON COMMIT DROP AS
    SELECT said.* FROM said JOIN asset ON asset.id = said.asset_id
    WHERE ({OF_SAID}) IS DISTINCT FROM ({OF_ASSET}) OR asset.retired_at IS NOT NULL
"""  # noqa: S608 - made of this file's own words
CHANGED = text(CHANGED_ROWS)
RATED = text("""
    CREATE TEMP TABLE rated ON COMMIT DROP AS
    SELECT said.source, said.number, said.asset_id, one.key::integer AS year, one.value
    FROM said, jsonb_each_text(said.ratings) AS one
    WHERE NOT EXISTS (SELECT FROM asset_rating AS had WHERE had.asset_id = said.asset_id
                      AND had.year = one.key::integer AND had.value = one.value)
""")
COUNT = text("""
    SELECT count(*) FILTER (WHERE asset_id IS NULL),
           count(*) FILTER (WHERE asset_id IN (SELECT asset_id FROM changed UNION
                                               SELECT asset_id FROM rated UNION
                                               SELECT asset_id FROM linked)),
           count(*)
    FROM said
""")
TOUCHED = text("""
    SELECT area_path FROM changed UNION SELECT path_before FROM changed
    UNION SELECT area_path FROM said WHERE asset_id IS NULL
""")
UPDATE_ROWS = f"""
    UPDATE asset SET ({LISTED}, area_path, street, version, changed_at, changed_by,
        changed_by_name, retired_at, retired_reason) = ROW ({OF_CHANGED}, changed.area_path,
        changed.street, asset.version + 1, :now, :by_id, :by_name, NULL, '')
    FROM changed WHERE asset.id = changed.asset_id AND asset.version = changed.seen
"""  # noqa: S608 - made of this file's own words
UPDATE = text(UPDATE_ROWS)
MOVED = text("SELECT asset_id FROM changed WHERE area_path <> path_before")
INSERT_ROWS = f"""
    INSERT INTO asset (id, {LISTED}, source, source_id, area_path, street, synthetic,
        changed_at, changed_by, changed_by_name)
    SELECT (:id_head || lpad(to_hex(line), 8, '0'))::uuid, {LISTED}, source, number, area_path,
        street, :synthetic, :now, :by_id, :by_name
    FROM said WHERE asset_id IS NULL ORDER BY line
"""  # noqa: S608 - made of this file's own words
INSERT = text(INSERT_ROWS)
NOTED = text("""
    INSERT INTO asset_import (import_id, asset_id, area_path, before, version, ratings, links,
        made_at)
    SELECT :import_id, asset.id, asset.area_path, said.seen, asset.version,
        coalesce(written.ratings, '{}'), coalesce(made.links, '[]'), :now
    FROM said JOIN asset ON asset.source = said.source AND asset.source_id = said.number
    LEFT JOIN (
        SELECT rated.source, rated.number, jsonb_object_agg(rated.year, had.value) AS ratings
        FROM rated LEFT JOIN asset_rating AS had
          ON had.asset_id = rated.asset_id AND had.year = rated.year
        GROUP BY rated.source, rated.number
    ) AS written ON written.source = said.source AND written.number = said.number
    LEFT JOIN (
        SELECT linked.source, linked.number,
            jsonb_agg(jsonb_build_array(linked.relation, target.id)) AS links
        FROM linked JOIN asset AS target
          ON target.source = linked.source AND target.source_id = linked.other
        GROUP BY linked.source, linked.number
    ) AS made ON made.source = said.source AND made.number = said.number
    WHERE said.asset_id IS NULL OR said.asset_id IN (SELECT asset_id FROM changed UNION
        SELECT asset_id FROM rated UNION SELECT asset_id FROM linked)
    ON CONFLICT (import_id, asset_id) DO UPDATE SET (area_path, before, version, ratings, links,
        made_at, undone_version) = ROW (excluded.area_path, excluded.before, excluded.version,
        excluded.ratings, excluded.links, excluded.made_at, NULL)
""")
"""What an import makes of each asset; run before ratings are written over."""
RATE = text("""
    INSERT INTO asset_rating (asset_id, year, value, area_path, made_at)
    SELECT asset.id, rated.year, rated.value, asset.area_path, :now
    FROM rated JOIN asset ON asset.source = rated.source AND asset.source_id = rated.number
    ON CONFLICT (asset_id, year) DO UPDATE SET value = excluded.value, made_at = excluded.made_at
""")
