"""Tables of the road graph. A city has one; bringing one in replaces the one before."""

from datetime import datetime

from shapely import LineString, Point
from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from gis.store.base import Base, Shape


class RoadGraph(Base):
    """Which graph it is: who says so, how much of it there is, since when."""

    __tablename__ = "road_graph"

    source: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    nodes: Mapped[int]
    edges: Mapped[int]
    km: Mapped[float]
    imported_at: Mapped[datetime]


class RoadNode(Base):
    """Where roads meet or end."""

    __tablename__ = "road_node"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    place: Mapped[Point] = mapped_column(Shape("POINT"))


class RoadEdge(Base):
    """A piece of road between two nodes; `back_seconds` is -1 where nobody may drive back."""

    __tablename__ = "road_edge"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    from_node: Mapped[int] = mapped_column(BigInteger)
    to_node: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[LineString] = mapped_column(Shape("LINESTRING"))
    length_m: Mapped[float]
    seconds: Mapped[float]
    back_seconds: Mapped[float]
