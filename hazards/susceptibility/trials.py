"""How well a map would have said what it did not see: whole blocks are held out in turn.

Neighbouring cells are alike, so that a cell held out alone is half known: with random parts the
AUC comes out too good (Brenning 2005, Nat. Hazards Earth Syst. Sci. 5:853; Roberts and others
2017, Ecography 40:913). Ratios and weights are found anew without the block that is tried.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve

from hazards.susceptibility import ratio
from hazards.susceptibility.rules import (
    BLOCKS,
    FOLDS,
    HIGHEST,
    Classed,
    Codes,
    Numbers,
    classes,
    cuts,
)

LEAST_CELLS_A_BLOCK = 4
CURVE_SPOTS = 40
Model = Callable[[Sequence[Classed], Codes, Codes], Numbers]
"""Scores all cells by what some rows of them teach: factors, records of each cell, rows."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A model tried on blocks it did not see."""

    aucs: tuple[float, ...]
    held: Numbers
    classes: Codes

    @property
    def mean(self) -> float:
        """Give the mean AUC of the parts."""
        return float(np.mean(self.aucs))

    def told(self) -> dict[str, Any]:
        """Give it as it is kept."""
        return {
            "aucs": [round(auc, 4) for auc in self.aucs],
            "mean": round(self.mean, 4),
            "spread": round(float(np.std(self.aucs, ddof=1)), 4),
        }


def folds(middles: Numbers, counts: Codes, *, side_m: float, seed: int) -> Codes | None:
    """Give each cell the part it is tried with; blocks with records are dealt out evenly.

    Gives nothing where records lie in fewer blocks than there are parts.
    """
    wide_m = max(side_m * LEAST_CELLS_A_BLOCK, np.sqrt(len(middles) * side_m**2 / BLOCKS))
    keys = np.floor((middles - middles.min(axis=0)) / wide_m).astype(np.int64)
    _, block = np.unique(keys, axis=0, return_inverse=True)
    inside = np.bincount(block, weights=counts)
    if np.count_nonzero(inside) < FOLDS:
        return None
    mixed = np.random.default_rng(seed).permutation(len(inside))
    dealt, held = np.zeros(len(inside), np.int64), np.zeros((FOLDS, 2))
    for one in mixed[np.argsort(-inside[mixed], kind="stable")]:
        part = int(np.lexsort((held[:, 1], held[:, 0]))[0])
        dealt[one] = part
        held[part] += (inside[one], 1)
    found: Codes = dealt[block]
    return found


def by_ratio(factors: Sequence[Classed], counts: Codes, rows: Codes) -> Numbers:
    """Score cells by the sum of frequency ratios."""
    learnt = [ratio.ratios(only(factor, rows), counts[rows]) for factor in factors]
    return ratio.index(factors, learnt)


def by_regression(factors: Sequence[Classed], counts: Codes, rows: Codes) -> Numbers:
    """Score cells by how likely a record is there, after a logistic regression."""
    model, features = regression(factors, counts, rows)
    found: Numbers = model.predict_proba(features)[:, 1]
    return found


def regression(
    factors: Sequence[Classed], counts: Codes, rows: Codes
) -> tuple[LogisticRegression, Numbers]:
    """Fit how much each factor counts: one weight a factor, on its logarithm of the ratio."""
    learnt = [ratio.ratios(only(factor, rows), counts[rows]) for factor in factors]
    features = ratio.logs(factors, learnt)
    model = LogisticRegression(C=1.0, max_iter=500, tol=1e-8)
    return model.fit(features[rows], counts[rows] > 0), features


MODELS: dict[str, Model] = {"ratio": by_ratio, "logistic": by_regression}


def only(factor: Classed, rows: Codes) -> Classed:
    """Give a factor over some cells."""
    return Classed(factor.name, factor.codes[rows], factor.bounds)


def tried(
    model: Model, factors: Sequence[Classed], counts: Codes, part: Codes,
    *, told: Callable[[], None],
) -> Trial:  # fmt: skip
    """Try a model on each part in turn, taught by the others."""
    held, found = np.zeros(len(counts)), np.zeros(len(counts), np.int64)
    aucs = []
    for one in range(FOLDS):
        told()
        out = part == one
        scores = model(factors, counts, np.flatnonzero(~out))
        held[out] = np.argsort(np.argsort(scores, kind="stable"), kind="stable")[out]
        found[out] = classes(scores, cuts(scores))[out]
        aucs.append(float(roc_auc_score(counts[out] > 0, scores[out])))
    return Trial(tuple(aucs), held, found)


def curve(counts: Codes, held: Numbers) -> list[list[float]]:
    """Give the curve of all parts: of the cells without a record and of those with, how many."""
    wrong, right, _ = roc_curve(counts > 0, held)
    spots = np.unique(np.linspace(0, len(wrong) - 1, CURVE_SPOTS).astype(int))
    return [[round(float(wrong[n]), 4), round(float(right[n]), 4)] for n in spots]


def per_class(found: Codes, held: Codes, counts: Codes, *, side_m: float) -> list[dict[str, Any]]:
    """Give area and share of the records of each class, as fitted and as tried, highest first."""
    total = int(counts.sum())
    lines = []
    for number in range(HIGHEST, 0, -1):
        here = found == number
        records = int(counts[here].sum())
        line = {
            "class": number,
            "cells": int(here.sum()),
            "km2": round(float(here.sum()) * side_m**2 / 1e6, 1),
            "area_share": round(float(here.mean()), 4),
            "records": records,
            "record_share": round(records / total, 4),
            "held_share": round(int(counts[held == number].sum()) / total, 4),
        }
        lines.append(line)
    return lines
