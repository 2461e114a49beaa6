"""What surrounds the assets of a street, asked for all of them at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from hazards.calls.program import as_program
from hazards.duty import book
from hazards.duty.responsibility import Matter
from qr_codes import chain
from qr_codes.packs.carried import Around, Carried, Closed, Link, Plan, Rung, Store
from qr_codes.stores import repository as stores
from qr_codes.traffic.models import AssetClosure, TrafficPlan
from qr_codes.traffic.repository import closures_within, plans_within

LINKS = text("""
    SELECT link.mine, CASE WHEN link.outward THEN relation.name_zh ELSE relation.back_zh END AS zh,
        CASE WHEN link.outward THEN relation.name_en ELSE relation.back_en END AS en,
        other.name, other.owner_unit, other.owner_phone,
        EXISTS (SELECT FROM asset_closure AS closure
            WHERE closure.asset_id = other.id AND closure.reopened_at IS NULL) AS is_closed
    FROM (
        SELECT from_id AS mine, to_id AS theirs, relation, true AS outward FROM asset_link
        UNION ALL SELECT to_id, from_id, relation, false FROM asset_link
    ) AS link
    JOIN asset_relation AS relation ON relation.code = link.relation
    JOIN asset AS other ON other.id = link.theirs AND other.retired_at IS NULL
    WHERE link.mine = ANY (CAST(:ids AS uuid[]))
    ORDER BY relation.position, other.name, other.number
""")
CARDS = text("""
    SELECT content, assets FROM measure_card JOIN measure_edition USING (edition)
    WHERE in_force AND assets && CAST(:kinds AS text[]) ORDER BY position
""")


def of(
    session: Session, found: Sequence[Carried], *, area_path: str, on: date
) -> dict[UUID, Around]:
    """Give whom to call, closure, way around and links of each asset."""
    phones = chains(session, {(one.type_code, one.area_path) for one in found}, area_path, on)
    shut = {one.asset_id: closed(one) for one in closures_within(session, area_path)}
    ways = {one.asset_id: plan(one) for one in plans_within(session, area_path)}
    tied = links(session, [one.asset_id for one in found])
    return {
        one.asset_id: Around(
            phones[one.type_code, one.area_path],
            shut.get(one.asset_id),
            ways.get(one.asset_id),
            tied.get(one.asset_id, ()),
        )
        for one in found
    }


def chains(
    session: Session, places: Collection[tuple[str, str]], area_path: str, on: date
) -> dict[tuple[str, str], list[Rung]]:
    """Give the chain of each kind of asset in each part of a street, as duty says today."""
    with as_program(session):
        opened = book.below(session, area_path, on=on)
    found = {}
    for kind, path in places:
        owner = opened.owner(Matter((f"asset:{kind}",)), path)
        climbed = chain.rungs(opened, owner, path)
        found[kind, path] = [Rung(r.kind, r.name, r.post, r.unit, r.phone) for r in climbed]
    return found


def links(session: Session, asset_ids: Sequence[UUID]) -> Mapping[UUID, list[Link]]:
    """Give what assets are linked with, both ways; what the asker cannot see is left out."""
    found: dict[UUID, list[Link]] = defaultdict(list)
    for mine, *said in session.execute(LINKS, {"ids": list(asset_ids)}):
        found[mine].append(Link(*said))
    return found


def cards(session: Session, kinds: Collection[str]) -> list[dict[str, Any]]:
    """Give the measure cards in force for some kinds of assets, each with its kinds."""
    rows = session.execute(CARDS, {"kinds": sorted(kinds)})
    return [content | {"assets": sorted(set(kinds) & set(assets))} for content, assets in rows]


def near(
    session: Session, found: Sequence[Carried], measures: Sequence[Mapping[str, Any]]
) -> list[Store]:
    """Give the stores near the middle of a street that hold what its cards ask for."""
    needed = sorted({need["code"] for card in measures for need in card["materials"]})
    if not found or not needed:
        return []
    middles = sorted((one.place.representative_point() for one in found), key=lambda p: (p.x, p.y))
    return [
        Store(one.name, one.address, one.keeper, one.keeper_phone, one.lon, one.lat,
              {code: much for code, much in one.stock.items() if code in needed}, one.synthetic)
        for one in stores.nearest(session, middles[len(middles) // 2], needed)
    ]  # fmt: skip


def closed(one: AssetClosure) -> Closed:
    """Give a closure as a pack carries it."""
    return Closed(one.unit, one.reason, one.closed_at, one.expected_at)


def plan(one: TrafficPlan) -> Plan:
    """Give a plan as a pack carries it."""
    return Plan(one.version, one.stops, one.detour, one.words, one.closer, one.closer_phone)
