"""Whom a city's bridges cut off: a chain walked over a real road graph, with whom to call.

    .venv/bin/python -m tests.islands FOLDER

The folder holds a graph with neighbourhoods, as that of Pittsburgh: `simplified_pgh_nodes.csv`
(id, lon, lat, neighborhood) and `simplified_pgh_edges.csv` (from, to). Every edge that leaves the
two neighbourhoods with the fewest ways out becomes a bridge; people and their list are made up.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from shapely import box
from sqlalchemy.orm import Session

from gis import exchange
from gis.roads import service as roads
from gis.roads.service import Terms
from gis.store.engine import make_engine, make_sessions, unit_of_work
from gis.store.scope import SYSTEM
from qr_codes.assets import loader as kinds
from rescue_app import shipped
from rescue_app.chains import editions, service
from rescue_app.chains.starting import Asked
from rescue_app.commands.roads import places_of
from rescue_app.exposure.service import Ground
from tests.benchmarks.lab import BY, Lab
from tests.island_city import bounds, bridge, read, settle

console = Console(highlight=False, soft_wrap=True)
ISLANDS, LEAST_NODES = 2, 15


def walk(session: Session, folder: Path) -> None:
    """Bring all of it in, shake the city, and say who is cut off and whom to call."""
    now = datetime.now(UTC)
    kinds.load(session, shipped.DATA / "assets")
    editions.load(session, shipped.DATA / "chains/chains.yaml", now=now)
    terms = Terms("Pittsburgh", {"default": 40.0}, ends=("from", "to"))
    edges = exchange.read(folder / "simplified_pgh_edges.csv")
    nodes = places_of(exchange.read(folder / "simplified_pgh_nodes.csv"))
    graph = roads.bring_in(session, edges, terms, nodes=nodes, now=now, apply=True)
    places, ways = read(folder)
    settle(session, places)
    big = [name for name, spots in places.items() if len(spots) >= LEAST_NODES]
    few = sorted(big, key=lambda name: (len(ways[name]), name))[:ISLANDS]
    session.add_all(bridge(n, k, ends) for n in few for k, ends in enumerate(ways[n], start=1))
    session.flush()
    every = box(*bounds(places))
    began = time.perf_counter()
    asked = Asked(ground=Ground(every, title="Pittsburgh"), kind="quake")
    said = service.work_out(session, asked, by=BY, now=now)
    spent = time.perf_counter() - began
    console.print(
        f"{graph.nodes:,} nodes, {graph.edges:,} edges, {len(places)} neighbourhoods; {spent:.1f} s"
    )
    for step in said["steps"]:
        console.print(step["number"], step["link"], step["name"], "|", step["why"]["en"])
    for one in said["told"]:
        console.print(one["unit"], one["name"], one["phone"], one["why"] or "", str(one["steps"]))


if __name__ == "__main__":
    with Lab(points=0) as lab:
        engine = make_engine(lab.city.app)
        with unit_of_work(make_sessions(engine), SYSTEM) as asked_by:
            walk(asked_by, Path(sys.argv[1]))
        engine.dispose()
