"""Take an import of assets back as a whole, while nothing builds on what it made.

What it entered goes out of use, what it changed says again what it said before: as new versions,
so that the history shows both. The same list may come in again afterwards.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.authority import Act, Actor, require
from gis.errors import Conflict
from gis.store import audit, notify
from qr_codes.assets import moving
from qr_codes.assets.importing.statements import LISTED, WRITTEN

SHOWN = 20
OF_BEFORE = ", ".join(f"before.{name}" for name in WRITTEN)
LOCKED = text("""
    SELECT count(*) FROM (SELECT FROM asset WHERE id IN (
        SELECT asset_id FROM asset_import WHERE import_id = :id AND undone_version IS NULL)
        FOR UPDATE) AS locked
""")
BUILT_UPON = text("""
    SELECT asset.id, asset.name, built.reason, count(*) OVER () AS total
    FROM asset_import AS made JOIN asset ON asset.id = made.asset_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN asset.version <> made.version THEN 'changed'
        WHEN EXISTS (SELECT FROM asset_import AS later WHERE later.asset_id = asset.id
            AND later.import_id <> made.import_id AND later.made_at > made.made_at
            AND later.undone_version IS NULL) THEN 'imported'
        WHEN made.before IS NOT NULL THEN NULL
        WHEN EXISTS (SELECT FROM risk_code WHERE asset_id = asset.id) THEN 'labelled'
        WHEN EXISTS (SELECT FROM inspection WHERE asset_id = asset.id) THEN 'inspected'
        WHEN EXISTS (SELECT FROM finding WHERE asset_id = asset.id) THEN 'found'
        WHEN EXISTS (SELECT FROM asset_closure WHERE asset_id = asset.id) THEN 'closed'
        WHEN EXISTS (SELECT FROM traffic_plan WHERE asset_id = asset.id) THEN 'planned'
        WHEN EXISTS (SELECT FROM stored_file WHERE kind = 'asset' AND ref = asset.id)
            THEN 'photographed'
        WHEN EXISTS (SELECT FROM asset_link WHERE to_id = asset.id AND from_id NOT IN
            (SELECT asset_id FROM asset_import WHERE import_id = :id)) THEN 'linked'
        END AS reason) AS built
    WHERE made.import_id = :id AND made.undone_version IS NULL AND built.reason IS NOT NULL
    ORDER BY asset.name, asset.id LIMIT :most
""")
MOVED = text("""
    SELECT asset.id FROM asset_import AS made JOIN asset ON asset.id = made.asset_id
    JOIN asset_version AS before ON before.asset_id = asset.id AND before.version = made.before
    WHERE made.import_id = :id AND made.undone_version IS NULL
      AND before.area_path <> asset.area_path
""")
TOUCHED = text("""
    SELECT area_path FROM asset_import WHERE import_id = :id AND undone_version IS NULL
    UNION SELECT before.area_path FROM asset_import AS made JOIN asset_version AS before
      ON before.asset_id = made.asset_id AND before.version = made.before
    WHERE made.import_id = :id AND made.undone_version IS NULL
""")
RESTORE_ROWS = f"""
    UPDATE asset SET ({LISTED}, area_path, street, retired_at, retired_reason, version,
        changed_at, changed_by, changed_by_name) = ROW ({OF_BEFORE}, before.area_path,
        before.street, before.retired_at, before.retired_reason, asset.version + 1,
        :now, :by_id, :by_name)
    FROM asset_import AS made JOIN asset_version AS before
      ON before.asset_id = made.asset_id AND before.version = made.before
    WHERE asset.id = made.asset_id AND made.import_id = :id AND made.undone_version IS NULL
      AND made.version > made.before
"""  # noqa: S608 - made of this file's own words
RESTORE = text(RESTORE_ROWS)
RETIRE = text("""
    UPDATE asset SET (retired_at, retired_reason, version, changed_at, changed_by,
        changed_by_name) = ROW (:now, :reason, asset.version + 1, :now, :by_id, :by_name)
    FROM asset_import AS made
    WHERE asset.id = made.asset_id AND made.import_id = :id AND made.undone_version IS NULL
      AND made.before IS NULL
""")
UNRATE = text("""
    DELETE FROM asset_rating AS had USING asset_import AS made, jsonb_each_text(made.ratings) AS one
    WHERE made.import_id = :id AND made.undone_version IS NULL AND had.asset_id = made.asset_id
      AND had.year = one.key::integer AND one.value IS NULL
""")
RERATE = text("""
    UPDATE asset_rating AS had SET value = one.value, made_at = :now
    FROM asset_import AS made, jsonb_each_text(made.ratings) AS one
    WHERE made.import_id = :id AND made.undone_version IS NULL AND had.asset_id = made.asset_id
      AND had.year = one.key::integer AND one.value IS NOT NULL
""")
UNLINK = text("""
    DELETE FROM asset_link AS had
    USING asset_import AS made, jsonb_array_elements(made.links) AS one
    WHERE made.import_id = :id AND made.undone_version IS NULL AND had.from_id = made.asset_id
      AND had.relation = one ->> 0 AND had.to_id = (one ->> 1)::uuid
""")
NOTED = text("""
    UPDATE asset_import AS made SET undone_version = asset.version, area_path = asset.area_path
    FROM asset WHERE asset.id = made.asset_id AND made.import_id = :id
      AND made.undone_version IS NULL
""")


class Built(NamedTuple):
    """An asset of an import on which something builds, and what."""

    id: UUID
    name: str
    reason: str
    total: int


def built_upon(session: Session, import_id: UUID) -> Sequence[Built]:
    """Give the first assets that keep an import from being taken back; `total` counts all."""
    rows = session.execute(BUILT_UPON, {"id": import_id, "most": SHOWN})
    return [Built(*row) for row in rows]


def undo(
    session: Session, import_id: UUID, *, area_path: str, reason: str, by: Actor, now: datetime
) -> int:
    """Take back what an import made; give the number of assets. Nothing of it, or all."""
    require(by, Act.EDIT_ASSET, area_path)
    asked: dict[str, Any] = {"id": import_id}
    count: int = session.execute(LOCKED, asked).scalar_one()
    standing = built_upon(session, import_id)
    if standing:
        raise Conflict(
            "{count} assets of this import are in use already, such as {name}."
            " Take those out of use one by one on their pages.",
            count=standing[0].total,
            name=standing[0].name,
        )
    touched = tuple(sorted(session.scalars(TOUCHED, asked)))
    moved = session.scalars(MOVED, asked).all()
    signed = asked | {"now": now, "by_id": by.id, "by_name": by.name, "reason": reason}
    for statement in (UNLINK, UNRATE, RERATE, RESTORE, RETIRE, NOTED):
        session.execute(statement, signed)
    moving.follow(session, moved)
    audit.record(session, act="assets.undone", subject=import_id, area_path=area_path, count=count)
    notify.announce(
        session, topic="asset", kind="imported", ref=import_id, area_path=area_path, also=touched
    )
    return count
