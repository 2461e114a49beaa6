"""From records to findings: which places the records speak for, and the numbers that say why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np

from gis import crs
from hazards.evidence import clusters, recurrence
from hazards.evidence.clusters import ALONE, Places
from hazards.evidence.interaction import interaction
from hazards.evidence.rules import DAYS_A_YEAR, Asked, Known, Span, digest
from hazards.points.rules import Evidence

METHOD = "dbscan-haversine-2"
"""Raised whenever the same records could give other numbers."""
MOST_VAGUE = 2_000
"""Of more records too vague for a place nothing is said together: each is held against each."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that records speak for: which ones, how often, how sure."""

    evidence: Evidence
    hazard_type: str
    longitude: float
    latitude: float
    records: tuple[Known, ...]
    facts: dict[str, Any]

    @property
    def keys(self) -> frozenset[str]:
        """Name what stands behind it."""
        return frozenset(one.key for one in self.records)


@dataclass(frozen=True, slots=True)
class Look:
    """All that one search over the records found, and what it was made of."""

    findings: tuple[Finding, ...]
    vintage: dict[str, Any]
    interaction: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Findings where records lie densely, and elsewhere."""

    dense: list[Finding]
    sparse: list[Finding]


def look(records: Sequence[Known], asked: Asked) -> Look:
    """Find the places that records speak for; the same records and figures give the same."""
    ordered = in_order(records)
    exact = [one for one in ordered if one.reach_m <= asked.within_m]
    found = findings(exact, asked, span_of(exact))
    return Look(in_turn([found]), vintage(ordered, exact), interaction(exact, asked))


def in_order(records: Iterable[Known]) -> list[Known]:
    """Lay records in the one order that does not hang on how they came."""
    return sorted(records, key=place_in_order)


def place_in_order(one: Known) -> tuple[datetime, str, str]:
    """Give the place of a record among others."""
    return one.happened_at, one.source, one.number


def findings(exact: list[Known], asked: Asked, window: Span) -> Found:
    """Find what some records speak for; whole islands give what they give among all others."""
    labels = clusters.dense(places_of(exact), within_m=asked.within_m, fewest=asked.fewest)
    dense = [
        finding([exact[n] for n in rows], asked, window, Evidence.HIGH_FREQUENCY)
        for rows in clusters.grouped(labels)
    ]
    single = [exact[n] for n in np.flatnonzero(labels == ALONE)]
    rows = clusters.grouped(clusters.dense(places_of(single), within_m=asked.within_m, fewest=1))
    sparse = [finding([single[n] for n in of], asked, window, Evidence.HISTORICAL) for of in rows]
    return Found(dense, sparse)


def in_turn(parts: Sequence[Found]) -> tuple[Finding, ...]:
    """Lay the findings of all parts in one order: by their first record, the dense ones before."""
    kinds = [[one for part in parts for one in part.dense],
             [one for part in parts for one in part.sparse]]  # fmt: skip
    first = (sorted(kind, key=lambda one: place_in_order(one.records[0])) for kind in kinds)
    return tuple(chain.from_iterable(first))


def places_of(records: Sequence[Known]) -> Places:
    """Give where records lie."""
    return np.array([(one.longitude, one.latitude) for one in records], float).reshape(-1, 2)


def span_of(records: Sequence[Known]) -> Span:
    """Give the days from the first record to the last: so long has somebody kept records."""
    first = min((one.span.first for one in records), default=0.0)
    return Span(first, max((one.span.last for one in records), default=first))


def finding(records: Sequence[Known], asked: Asked, window: Span, evidence: Evidence) -> Finding:
    """Say what some records together tell of their place."""
    times = recurrence.occurrences([one.span for one in records], apart_days=asked.apart_days)
    if len(times) < asked.fewest:
        evidence = Evidence.HISTORICAL  # one storm with many slides is not a frequent place
    places = places_of(records)
    lon, lat = clusters.middle(places, [one.reach_m for one in records])
    away = crs.distance_m(
        np.full(len(places), lon), np.full(len(places), lat), places[:, 0], places[:, 1]
    )
    kinds = Counter(one.hazard_type for one in records)
    numbers = often(times, window) if evidence is Evidence.HIGH_FREQUENCY else {}
    facts = {
        "records": len(records),
        "occurrences": len(times),
        "apart_days": asked.apart_days,
        "within_m": clusters.rounded_up(float(np.max(away))),
        "accuracy_m": max(one.reach_m for one in records),
        **numbers,
    }
    kind = max(sorted(kinds), key=lambda code: kinds[code])
    return Finding(evidence, kind, lon, lat, tuple(records), facts)


def often(times: Sequence[Span], window: Span) -> dict[str, Any]:
    """Say how often it comes, how sure that is, and whether it comes more often."""
    years = max((window.last - window.first) / DAYS_A_YEAR, 1.0)
    rate = recurrence.recurrence(len(times), years=years)
    middles = [(one.first + one.last) / 2 for one in times]
    trend = recurrence.tendency(middles, first=window.first, last=window.last)
    return {
        "years": round(years, 1),
        "every_years": round(1 / rate.rate, 2),
        "every_least_years": round(1 / rate.highest, 2),
        "every_most_years": round(1 / rate.lowest, 2),
        "rate": round(rate.rate, 4),
        "rate_lowest": round(rate.lowest, 4),
        "rate_highest": round(rate.highest, 4),
        "trend": str(trend.trend),
        "trend_p": None if trend.p is None else round(trend.p, 4),
    }


def over_the_area(records: Sequence[Known], asked: Asked) -> dict[str, Any]:
    """Say how often came what is too vague for a place: it surely lies in the area searched."""
    vague = [one for one in in_order(records) if one.reach_m > asked.within_m]
    if not 0 < len(vague) <= MOST_VAGUE:
        return {}
    times = recurrence.occurrences([one.span for one in vague], apart_days=asked.apart_days)
    return {"occurrences": len(times), **often(times, span_of(records))}


@dataclass(frozen=True, slots=True)
class Summary:
    """Of some records: how many each source has, from when to when, and the names of all."""

    sources: dict[str, tuple[int, datetime, datetime]]
    keys: list[str]


def summary(records: Sequence[Known]) -> Summary:
    """Sum records up, in whatever order they come."""
    by_source: dict[str, list[datetime]] = defaultdict(list)
    for one in records:
        by_source[one.source].append(one.happened_at)
    sources = {name: (len(of), min(of), max(of)) for name, of in by_source.items()}
    return Summary(sources, [one.key for one in records])


def vintage(records: Sequence[Known], used: Sequence[Known]) -> dict[str, Any]:
    """Say what the numbers were made of, so that anybody can tell whether they are still right."""
    return summed([summary(records)], used=len(used))


def summed(parts: Sequence[Summary], *, used: int) -> dict[str, Any]:
    """Say it of all parts together."""
    sources = {}
    for name in sorted({name for part in parts for name in part.sources}):
        of = [part.sources[name] for part in parts if name in part.sources]
        sources[name] = {
            "records": sum(count for count, _, _ in of),
            "first": f"{min(first for _, first, _ in of):%Y-%m-%d}",
            "last": f"{max(last for _, _, last in of):%Y-%m-%d}",
        }
    records = sum(len(part.keys) for part in parts)
    return {
        "records": records,
        "used": used,
        "too_vague": records - used,
        "sources": sources,
        "digest": digest(key for part in parts for key in part.keys),
    }
