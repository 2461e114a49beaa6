"""From records to findings: which places the records speak for, and the numbers that say why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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


def look(records: Sequence[Known], asked: Asked) -> Look:
    """Find the places that records speak for; the same records and figures give the same."""
    ordered = sorted(records, key=lambda one: (one.happened_at, one.source, one.number))
    exact = [one for one in ordered if one.reach_m <= asked.within_m]
    window = span_of(exact)
    places = places_of(exact)
    labels = clusters.dense(places, within_m=asked.within_m, fewest=asked.fewest)
    found = [
        finding([exact[n] for n in rows], asked, window, Evidence.HIGH_FREQUENCY)
        for rows in clusters.grouped(labels)
    ]
    single = [exact[n] for n in np.flatnonzero(labels == ALONE)]
    rows = clusters.grouped(clusters.dense(places_of(single), within_m=asked.within_m, fewest=1))
    found += [finding([single[n] for n in of], asked, window, Evidence.HISTORICAL) for of in rows]
    return Look(tuple(found), vintage(ordered, exact), interaction(exact, asked))


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


def vintage(records: Sequence[Known], used: Sequence[Known]) -> dict[str, Any]:
    """Say what the numbers were made of, so that anybody can tell whether they are still right."""
    sources = {
        source: {
            "records": len(of),
            "first": f"{of[0].happened_at:%Y-%m-%d}",
            "last": f"{of[-1].happened_at:%Y-%m-%d}",
        }
        for source in sorted({one.source for one in records})
        if (of := [one for one in records if one.source == source])
    }
    return {
        "records": len(records),
        "used": len(used),
        "too_vague": len(records) - len(used),
        "sources": sources,
        "digest": digest(one.key for one in records),
    }
