"""From records and factors over cells to a map in classes, with all that says why. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from rasterio.features import shapes
from shapely import Polygon
from shapely.geometry import shape

from hazards.evidence.grid import Grid
from hazards.susceptibility import ratio, trials
from hazards.susceptibility.rules import (
    FACTORS,
    FEWEST_CELLS_HIT,
    Classed,
    Codes,
    Numbers,
    classed,
    classes,
    cuts,
)
from hazards.susceptibility.terrain import Frame, cornered

Told = Callable[[], None]
FEWEST_TOGETHER = 5
"""Of fewer records in two classes together nothing is said."""
MOST_TOGETHER = 6
MAPPED, TOO_FEW, NO_FACTORS = "mapped", "too_few", "no_factors"


@dataclass(frozen=True, slots=True)
class Map:
    """A map: the cells that have all values, their scores and classes, and what it says."""

    rows: Codes
    factors: tuple[Classed, ...]
    counts: Codes
    scores: Numbers
    classes: Codes
    result: dict[str, Any]

    @property
    def is_drawn(self) -> bool:
        """Tell whether there was enough to draw one."""
        return bool(self.result["outcome"] == MAPPED)


def mapped(
    grid: Grid, counts: Codes, values: Mapping[str, Numbers], *, seed: int,
    told: Told = lambda: None,
) -> Map:  # fmt: skip
    """Weigh the factors, try both ways on blocks not seen, and draw what did better."""
    rows = (
        np.flatnonzero(np.all([np.isfinite(v) for v in values.values()], axis=0))
        if values
        else np.arange(len(counts))
    )
    inside = counts[rows]
    about: dict[str, Any] = {
        "side_m": grid.side_m, "cells": len(counts), "without": len(counts) - len(rows),
        "records": int(inside.sum()), "hit": int((inside > 0).sum()),
        "missing": [name for name in FACTORS if name not in values],
    }  # fmt: skip
    part = (
        trials.folds(grid.middles[rows], inside, side_m=grid.side_m, seed=seed)
        if len(rows)
        else None
    )
    if not values or about["hit"] < FEWEST_CELLS_HIT or part is None:
        about["outcome"] = TOO_FEW if values else NO_FACTORS
        return Map(rows, (), inside, np.empty(0), np.empty(0, np.int64), about)
    factors = tuple(classed(name, values[name][rows]) for name in FACTORS if name in values)
    done = {
        name: trials.tried(model, factors, inside, part, told=told)
        for name, model in trials.MODELS.items()
    }
    best = max(done, key=lambda name: done[name].mean)
    scores = trials.MODELS[best](factors, inside, np.arange(len(rows)))
    found = classes(scores, cuts(scores))
    about |= {
        "outcome": MAPPED, "drawn_by": best,
        "trials": {name: trial.told() for name, trial in done.items()},
        "curve": trials.curve(inside, done[best].held),
        "classes": trials.per_class(found, done[best].classes, inside, side_m=grid.side_m),
        "factors": weighed(factors, inside), "together": together(factors, inside),
    }  # fmt: skip
    return Map(rows, factors, inside, scores, found, about)


def weighed(factors: Sequence[Classed], counts: Codes) -> list[dict[str, Any]]:
    """Say of each factor how much it counts, and what its classes hold."""
    model, _ = trials.regression(factors, counts, np.arange(len(counts)))
    return [
        {
            "factor": factor.name,
            "weight": round(float(weight), 3),
            "classes": ratio.table(factor, ratio.ratios(factor, counts)),
        }
        for factor, weight in zip(factors, model.coef_[0], strict=True)
    ]


def together(factors: Sequence[Classed], counts: Codes) -> list[dict[str, Any]]:
    """Say which two classes of two factors together hold the most records for their area."""
    found: list[dict[str, Any]] = []
    for one, other in combinations(factors, 2):
        codes = one.codes * len(other.bounds) + other.codes
        size = len(one.bounds) * len(other.bounds)
        both = ratio.ratios(Classed("", codes, ((None, None),) * size), counts)
        for code in np.flatnonzero(both.records >= FEWEST_TOGETHER):
            first, second = divmod(int(code), len(other.bounds))
            said = {"ratio": round(float(both.ratios[code]), 1), "records": int(both.records[code])}
            found.append(said | {"classes": [told(one, first), told(other, second)]})
    found.sort(key=lambda line: (-line["ratio"], -line["records"]))
    return [line for line in found if line["ratio"] > 1][:MOST_TOGETHER]


def told(factor: Classed, code: int) -> dict[str, Any]:
    """Name a class of a factor."""
    low, high = factor.bounds[code]
    return {"factor": factor.name, "code": code, "low": low, "high": high}


def drivers(drawn: Map, row: int, *, most: int = 2) -> dict[str, Any]:
    """Say what makes a cell stand out: its strongest classes, and their ratio together."""
    ratios = [ratio.ratios(factor, drawn.counts) for factor in drawn.factors]
    strong = [
        (float(one.ratios[factor.codes[row]]), n)
        for n, (factor, one) in enumerate(zip(drawn.factors, ratios, strict=True))
    ]
    chosen = [n for value, n in sorted(strong, key=lambda s: (-s[0], s[1]))[:most] if value > 1]
    inside = np.ones(len(drawn.counts), np.bool_)
    for n in chosen:
        inside &= drawn.factors[n].codes == drawn.factors[n].codes[row]
    records = int(drawn.counts[inside].sum())
    times = records / drawn.counts.sum() / inside.mean() if chosen else 1.0
    named = [told(drawn.factors[n], int(drawn.factors[n].codes[row])) for n in chosen]
    return {"drivers": named, "ratio": round(float(times), 1), "alike": records}


def zones(grid: Grid, drawn: Map) -> list[tuple[int, Polygon]]:
    """Give cells of one class that hang together as one shape, in longitude and latitude."""
    frame = Frame.around(grid)
    field = np.zeros((frame.height, frame.width), np.uint8)
    field[frame.rows[drawn.rows], frame.columns[drawn.rows]] = drawn.classes
    corner = cornered(*frame.origin(), grid.side_m)
    parts = [(shape(one), int(grade)) for one, grade in shapes(field, field > 0, transform=corner)]
    flat = np.array([one for one, _ in parts], object)
    round_world = shapely.transform(
        flat, lambda c: np.round(np.column_stack(grid.back.transform(c[:, 0], c[:, 1])), 6)
    )
    return [(grade, one) for (_, grade), one in zip(parts, round_world, strict=True)]
