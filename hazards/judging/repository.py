"""SQL of judging: readings as arrays, rules in force, what stands, and what changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from geoalchemy2 import Geography
from numpy.typing import NDArray
from sqlalchemy import cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.store.base import among, new_id
from hazards.alerts.rules import Colour
from hazards.events.models import DisasterEvent
from hazards.events.rules import NEAR_M
from hazards.judging.models import Judgement, JudgingStanding, RuleVersion
from hazards.judging.rules import RANK, Standing
from hazards.monitoring.models import Datastream, MonitoringPoint
from hazards.monitoring.rules import UNBELIEVED

ROW = np.dtype([("stream", ">i8"), ("at", ">i8"), ("heard", ">i8"), ("value", ">f8")])
# As the database sends numbers (network order), packed by it: a value for each row would take
# the driver ten times as long as all of this, and a storm has half a million rows.
READINGS = """
    SELECT string_agg(int8send(stream)
        || int8send((extract(epoch FROM observed_at) * 1000000)::bigint)
        || int8send((extract(epoch FROM received_at) * 1000000)::bigint) || float8send(value), '')
    FROM reading WHERE value IS NOT NULL AND flags & {unbelieved} = 0 AND {which}
"""
HOURS = """
    SELECT string_agg(int8send(stream) || int8send(hour) || int8send(0) || float8send(total), '')
    FROM (
        SELECT stream, (ceil(extract(epoch FROM observed_at) / 3600) * 3600000000)::bigint AS hour,
            sum(value) AS total
        FROM reading WHERE value <> 0 AND flags & {unbelieved} = 0 AND {which}
        GROUP BY stream, hour
    ) AS summed
"""
Readings = NDArray[np.void]


class Stream(NamedTuple):
    """A stream as it is judged; `marks` are its own, by their codes."""

    number: int
    property: str
    point_id: UUID
    interval_s: int
    marks: Mapping[str, float]

    def as_made(self) -> tuple[object, ...]:
        """Give what windows are made of, to be compared."""
        return *self[:-1], tuple(sorted(self.marks.items()))


def readings(
    session: Session, *, observed: tuple[datetime, datetime], heard_after: datetime | None = None,
    streams: Collection[int] | None = None,
) -> Readings:  # fmt: skip
    """Give believed readings (stream, at, heard in microseconds, value), the earliest first.

    Those observed after the first moment and not after the second.
    """
    return _packed(session, READINGS, observed, heard_after, streams)


def hours(
    session: Session, *, observed: tuple[datetime, datetime], streams: Collection[int]
) -> Readings:
    """Give what fell in each hour, at its end; hours without rain are left out."""
    return _packed(session, HOURS, observed, None, streams)


def _packed(
    session: Session, query: str, observed: tuple[datetime, datetime],
    heard_after: datetime | None, streams: Collection[int] | None,
) -> Readings:  # fmt: skip
    which = ["observed_at > %(first)s", "observed_at <= %(last)s"]
    asked: dict[str, Any] = {"first": observed[0], "last": observed[1]}
    if heard_after is not None:
        which.append("received_at > %(heard)s")
        asked["heard"] = heard_after
    if streams is not None:
        which.append("stream = ANY(%(streams)s)")
        asked["streams"] = [int(one) for one in streams]
    query = query.format(unbelieved=int(UNBELIEVED), which=" AND ".join(which))
    driver = session.connection().connection.driver_connection
    with driver.cursor(binary=True) as cursor:  # type: ignore[union-attr]  # psycopg's
        said = cursor.execute(query, asked).fetchone()
    rows = np.frombuffer((said and said[0]) or b"", ROW)
    return rows[np.argsort(rows["at"], kind="stable")]


def streams_of(session: Session, properties: Collection[str]) -> list[Stream]:
    """Give the streams of these properties."""
    columns = Datastream.number, Datastream.property, Datastream.point_id, Datastream.interval_s
    query = select(*columns, Datastream.marks).where(Datastream.property.in_(properties))
    return [Stream(*row) for row in session.execute(query)]


def in_force(session: Session) -> Sequence[RuleVersion]:
    """Give the rules in force."""
    query = select(RuleVersion).where(RuleVersion.in_force)
    return session.scalars(query.order_by(RuleVersion.code)).all()


def held(session: Session, code: str) -> RuleVersion | None:
    """Give the version of a rule in force, if there is one."""
    query = select(RuleVersion).where(RuleVersion.code == code, RuleVersion.in_force)
    return session.scalar(query)


def standing_counts(session: Session) -> dict[str, int]:
    """Count the stations that stand in a colour, by rule."""
    query = select(JudgingStanding.rule_code, func.count()).where(
        JudgingStanding.colour.is_not(None)
    )
    rows = session.execute(query.group_by(JudgingStanding.rule_code))
    return {code: count for code, count in rows}  # noqa: C416 - rows are no pairs to the types


def every(session: Session) -> Sequence[RuleVersion]:
    """Give every version of every rule."""
    return session.scalars(select(RuleVersion)).all()


def versions(session: Session, code: str) -> Sequence[RuleVersion]:
    """Give every version of a rule, the latest first."""
    query = select(RuleVersion).where(RuleVersion.code == code)
    return session.scalars(query.order_by(RuleVersion.version.desc())).all()


def set_aside(session: Session, code: str) -> None:
    """Take the version in force out of force."""
    session.execute(
        update(RuleVersion).where(RuleVersion.code == code, RuleVersion.in_force)
        .values(in_force=False)
    )  # fmt: skip


def standings(session: Session, code: str) -> dict[UUID, Standing]:
    """Give what stands by a rule, station by station."""
    query = select(JudgingStanding).where(JudgingStanding.rule_code == code)
    return {
        row.point_id: Standing(
            colour_of(row.colour), row.since, colour_of(row.rising), row.rising_since,
            row.easing_since,
        )
        for row in session.scalars(query)
    }  # fmt: skip


def keep(
    session: Session, code: str, now: Mapping[UUID, Standing], paths: Mapping[UUID, str]
) -> None:
    """Write what stands now; calm is no row."""
    calm = {point_id for point_id, one in now.items() if one.calm}
    gone = delete(JudgingStanding).where(JudgingStanding.rule_code == code)
    session.execute(gone.where(among(JudgingStanding.point_id, calm)))
    rows = [
        {"point_id": point_id, "rule_code": code, "area_path": paths[point_id],
         "colour": one.colour, "since": one.since, "rising": one.rising,
         "rising_since": one.rising_since, "easing_since": one.easing_since}
        for point_id, one in now.items() if point_id not in calm
    ]  # fmt: skip
    if rows:
        fresh = insert(JudgingStanding)
        told = {c.name: c for c in fresh.excluded if c.name not in {"point_id", "rule_code"}}
        keys = ["point_id", "rule_code"]
        session.execute(fresh.on_conflict_do_update(index_elements=keys, set_=told), rows)


def add_judgements(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write changes of colour."""
    told = [{"id": new_id(), **row} for row in rows]
    if told:
        session.execute(insert(Judgement), told)


def paths(session: Session, point_ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the areas of stations."""
    columns = MonitoringPoint.id, MonitoringPoint.area_path
    query = select(*columns).where(among(MonitoringPoint.id, point_ids))
    return {row.id: row.area_path for row in session.execute(query)}


def station(session: Session, point_id: UUID) -> MonitoringPoint:
    """Give a station that judgements name."""
    return session.get_one(MonitoringPoint, point_id)


def of_point(session: Session, point_id: UUID, *, most: int = 50) -> Sequence[Judgement]:
    """Give the changes of a station, the latest first."""
    query = select(Judgement).where(Judgement.point_id == point_id)
    order = Judgement.at.desc(), Judgement.id.desc()
    return session.scalars(query.order_by(*order).limit(most)).all()


def reason(session: Session, point_id: UUID, code: str, colour: Colour) -> Judgement | None:
    """Give the last change by which a station came to a colour by a rule."""
    query = select(Judgement).join(RuleVersion, RuleVersion.id == Judgement.rule_id)
    query = query.where(
        Judgement.point_id == point_id, RuleVersion.code == code, Judgement.colour == colour
    )
    return session.scalars(query.order_by(Judgement.at.desc()).limit(1)).first()


def coloured(session: Session, point_ids: Collection[UUID]) -> dict[UUID, Colour]:
    """Give the gravest colour that stands at each of these stations, where one does."""
    query = select(JudgingStanding.point_id, JudgingStanding.colour).where(
        among(JudgingStanding.point_id, point_ids), JudgingStanding.colour.is_not(None)
    )
    found: dict[UUID, Colour] = {}
    for point_id, word in session.execute(query):
        colour = Colour(word or "")
        found[point_id] = max(found.get(point_id, colour), colour, key=lambda one: RANK[one])
    return found


def records_near(
    session: Session, point_id: UUID, *, hazard_type: str, span: tuple[datetime, datetime]
) -> Sequence[datetime]:
    """Give when disasters of a kind happened within reach of a station, as far as that is known."""
    place = select(MonitoringPoint.place).where(MonitoringPoint.id == point_id).scalar_subquery()
    query = select(DisasterEvent.happened_at).where(
        DisasterEvent.hazard_type == hazard_type,
        DisasterEvent.happened_at.between(*span),
        DisasterEvent.location_accuracy_m <= NEAR_M,
        func.ST_DWithin(cast(DisasterEvent.place, Geography), cast(place, Geography), NEAR_M),
    )
    return session.scalars(query.order_by(DisasterEvent.happened_at)).all()


def colour_of(word: str | None) -> Colour | None:
    """Give a colour by its word."""
    return Colour(word) if word else None
