"""Tables of monitoring. Words of OGC SensorThings: Thing, Datastream, Observation."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import AreaPath, Base, Record, Shape


class ObservedProperty(Base):
    """What can be measured: the unit kept, the units understood, and what is possible at all."""

    __tablename__ = "observed_property"

    code: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    icon: Mapped[str] = mapped_column(server_default="radio-tower")
    unit: Mapped[str]
    units: Mapped[dict[str, float]] = mapped_column(JSONB)
    adds: Mapped[bool]
    least: Mapped[float]
    most: Mapped[float]
    jump: Mapped[float | None]
    stuck_h: Mapped[float | None]
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """Marks that a station can have for it, each with its code and names, lowest first."""


class MonitoringPoint(Record):
    """A station: where it stands and whose it is. `source` and `code` are its owner's.

    `call_ref` is the matter about which its keeper is being called.
    """

    __tablename__ = "monitoring_point"
    __table_args__ = (
        Index("uq_monitoring_point_source_code", "source", "code", unique=True),
        Index("uq_monitoring_point_number", "number", unique=True),
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity())
    source: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    area_path: Mapped[AreaPath]
    keeper: Mapped[str]
    keeper_phone: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    synthetic: Mapped[bool]
    call_ref: Mapped[UUID | None]


class StationPlace(Base):
    """Where a station stood, since when and until when: the database keeps it at each move."""

    __tablename__ = "station_place"

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    station: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("monitoring_point.number", ondelete="CASCADE"), index=True
    )
    place: Mapped[Point] = mapped_column(Shape("POINT"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Sensor(Base):
    """What measures: the instrument or the procedure, as its owner describes it."""

    __tablename__ = "sensor"

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    area_path: Mapped[AreaPath]
    source: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    encoding_type: Mapped[str]
    told: Mapped[str]
    properties: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class Datastream(Record):
    """One property at one station, with its last believed reading and what is wrong with it.

    Both are kept by whoever takes readings in: the latest of all streams is a look at one table.
    """

    __tablename__ = "datastream"
    __table_args__ = (
        Index("uq_datastream_point_id", "point_id", "property", "channel", unique=True),
        Index("uq_datastream_number", "number", unique=True),
        Index("ix_datastream_trouble", "area_path", postgresql_where=text("trouble IS NOT NULL")),
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity())
    point_id: Mapped[UUID] = mapped_column(ForeignKey("monitoring_point.id", ondelete="CASCADE"))
    area_path: Mapped[AreaPath]
    property: Mapped[str] = mapped_column(ForeignKey("observed_property.code"))
    channel: Mapped[str]
    interval_s: Mapped[int]
    silent_after_s: Mapped[int]
    name: Mapped[str | None]
    description: Mapped[str | None]
    properties: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    sensor: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("sensor.number"), index=True)
    first_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_value: Mapped[float | None]
    same_since: Mapped[datetime | None]
    doubted: Mapped[float | None]
    heard_at: Mapped[datetime | None]
    marks: Mapped[dict[str, float]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Values of this stream that mean something: a river's warning level, by code."""
    over: Mapped[str | None]
    """The highest of them that it stands over, as long as it is heard."""
    trouble: Mapped[str | None]
    trouble_since: Mapped[datetime | None]


class StationImport(Base):
    """What a list made or changed at one stream; `before` is what it said, for what was there."""

    __tablename__ = "station_import"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    stream_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    point_id: Mapped[UUID]
    area_path: Mapped[AreaPath]
    made_at: Mapped[datetime]
    made_station: Mapped[bool]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Reading(Base):
    """What one stream said about one moment, with when we heard of it. Partitioned by month.

    Its number is given in the order of coming, so a BRIN index finds it at no cost in space.

    The same again is the same row; another value for the same moment is a row beside it, flagged.
    The unique index tells rows apart: the database has no key here, since a value may be missing.
    """

    __tablename__ = "reading"
    __table_args__ = (
        Index(
            "uq_reading_stream",
            "stream",
            "observed_at",
            "value",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_reading_observed_at", "observed_at", postgresql_using="brin"),
        Index("ix_reading_received_at", "received_at", postgresql_using="brin"),
        Index("ix_reading_number", "number", postgresql_using="brin"),
        {"postgresql_partition_by": "RANGE (observed_at)"},
    )
    stream: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    observed_at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float | None] = mapped_column(primary_key=True, nullable=True)
    flags: Mapped[int] = mapped_column(SmallInteger)
    received_at: Mapped[datetime]
    said: Mapped[str | None]
    number: Mapped[int] = mapped_column(
        BigInteger, server_default=text("nextval('reading_number')")
    )


class ReadingHour(Base):
    """An hour of a stream whose readings were added up: what was believed, and how many not."""

    __tablename__ = "reading_hour"
    __table_args__ = ({"postgresql_partition_by": "RANGE (hour)"},)

    stream: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    believed: Mapped[int]
    odd: Mapped[int]
    low: Mapped[float | None]
    high: Mapped[float | None]
    total: Mapped[float | None]


class ThinnedMonth(Base):
    """A month whose readings are kept by the hour, how many there were, and since when."""

    __tablename__ = "thinned_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    readings: Mapped[int] = mapped_column(BigInteger)
    thinned_at: Mapped[datetime]


class Feed(Record):
    """A way in for readings of one source, with its own key and pace."""

    __tablename__ = "feed"

    name: Mapped[str]
    source: Mapped[str]
    area_path: Mapped[AreaPath]
    active: Mapped[bool]
    per_minute: Mapped[int]
    made_by_name: Mapped[str]
    minute: Mapped[datetime | None]
    in_minute: Mapped[int] = mapped_column(server_default="0")
    heard_at: Mapped[datetime | None]
    kept: Mapped[int] = mapped_column(BigInteger, server_default="0")
    refused: Mapped[int] = mapped_column(BigInteger, server_default="0")
    last_refusal: Mapped[str] = mapped_column(server_default="")


class FeedKey(Base):
    """The digest of a feed's key; read by the program alone."""

    __tablename__ = "feed_key"

    feed_id: Mapped[UUID] = mapped_column(
        ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True
    )
    area_path: Mapped[AreaPath]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class BrokerReceipt(Base):
    """The last message without a time that was kept under a number of a broker's, by its digest."""

    __tablename__ = "broker_receipt"

    client: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
