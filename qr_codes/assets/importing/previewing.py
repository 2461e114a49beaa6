"""What a trial would make of assets, row by row: the new ones, and what changes of the others."""

from sqlalchemy import text

from qr_codes.assets.importing.statements import WRITTEN

PLAIN = tuple(name for name in WRITTEN if name not in {"place", "facts"})
NEW = text("""
    SELECT line, number, name, type_code, ST_X(middle) AS longitude, ST_Y(middle) AS latitude
    FROM (SELECT said.*, ST_PointOnSurface(place) AS middle FROM said
          WHERE asset_id IS NULL ORDER BY line LIMIT :limit) AS first
    ORDER BY line
""")
PAIRS = ", ".join(f"'{name}', jsonb_build_array(asset.{name}, said.{name})" for name in PLAIN)
CHANGED_ROWS = f"""
    SELECT said.line, said.number, said.name, asset.id::text AS id,
        coalesce((SELECT jsonb_object_agg(key, value)
            FROM jsonb_each(jsonb_build_object({PAIRS}))
            WHERE value -> 0 IS DISTINCT FROM value -> 1), '{{}}')
        || coalesce((SELECT jsonb_object_agg('facts.' || key,
                jsonb_build_array(asset.facts -> key, said.facts -> key))
            FROM jsonb_object_keys(asset.facts || said.facts) AS key
            WHERE asset.facts -> key IS DISTINCT FROM said.facts -> key), '{{}}')
        || coalesce((SELECT jsonb_object_agg('ratings.' || rated.year,
                jsonb_build_array(had.value, rated.value))
            FROM rated LEFT JOIN asset_rating AS had
              ON had.asset_id = asset.id AND had.year = rated.year
            WHERE rated.asset_id = asset.id), '{{}}')
        || coalesce((SELECT jsonb_object_agg('links.' || relation,
                jsonb_build_array(NULL, others))
            FROM (SELECT relation, string_agg(other, '；' ORDER BY other) AS others
                  FROM linked WHERE linked.asset_id = asset.id GROUP BY relation) AS more), '{{}}')
            AS differences,
        asset.retired_at IS NOT NULL AS back,
        round(ST_Distance(asset.place::geography, said.place::geography)) AS moved_m,
        NOT ST_Equals(asset.place, said.place) AND ST_Dimension(said.place) > 0 AS redrawn
    FROM (SELECT * FROM said WHERE asset_id IN (SELECT asset_id FROM changed UNION
            SELECT asset_id FROM rated UNION SELECT asset_id FROM linked)
          ORDER BY line LIMIT :limit) AS said
    JOIN asset ON asset.id = said.asset_id
    ORDER BY said.line
"""  # noqa: S608 - made of the columns' own names
CHANGED = text(CHANGED_ROWS)
