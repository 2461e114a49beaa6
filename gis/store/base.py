"""Declarative base and the column types every table is made of."""

import os
import time
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from geoalchemy2 import Geometry
from geoalchemy2.elements import WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Dialect,
    MetaData,
    Text,
    Uuid,
    any_,
    func,
    literal,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

WGS84 = 4326
NOISE_BYTES = 10
VERSION_7 = 0x7 << 76 | 0x2 << 62
NOISE = (1 << 76) - 1 & ~(0x3 << 62)
"""The bits of an id that are neither its time nor its version."""

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """Make an id whose order is the order of making (RFC 9562, version 7)."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Make ids for rows that are written together."""
    stamp = (time.time_ns() // 1_000_000) << 80 | VERSION_7
    noise = os.urandom(NOISE_BYTES * count)
    return [
        UUID(int=stamp | int.from_bytes(noise[at : at + NOISE_BYTES]) & NOISE)
        for at in range(0, NOISE_BYTES * count, NOISE_BYTES)
    ]


def among(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Tell whether a column is one of these; one parameter, however many there are."""
    found: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(Uuid())))
    return found


class Shape(TypeDecorator[BaseGeometry]):
    """A geometry column in EPSG:4326 that Python code sees only as a shapely object."""

    impl = Geometry
    cache_ok = True

    def __init__(self, kind: str, srid: int = WGS84, *, index: bool = True) -> None:
        super().__init__(kind, srid=srid, spatial_index=index)
        self.srid = srid

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Hand shapely objects to the database as EWKB."""
        return from_shape(value, srid=self.srid) if isinstance(value, BaseGeometry) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Hand geometries out as shapely objects."""
        return to_shape(value) if isinstance(value, WKBElement) else value


class Base(DeclarativeBase):
    """Root of all mapped classes, on every floor."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
    }


class Record(Base):
    """A row with an id and a birth time."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


AreaPath = Annotated[str, mapped_column(Text(collation="C"), index=True)]
"""Today's path of the smallest area a row lies in; what row-level security looks at."""

SeenPath = Annotated[str, mapped_column(Text(collation="C"))]
"""A path that row-level security alone looks at: no question goes by it, so none is indexed."""
