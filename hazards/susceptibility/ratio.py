"""Frequency ratio: a class's share of the records by its share of the area.

Lee and Talib (2005, Environ. Geol. 47:982): 1 is as many as its area would give. A cell's index is
the sum over its factors. For the regression, which takes the logarithm, one more record is spread
over the whole area, so that a class without records is rare and not impossible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hazards.susceptibility.rules import Classed, Codes, Numbers


@dataclass(frozen=True, slots=True)
class Ratios:
    """A factor's classes: cells and records in each, and what follows."""

    cells: Codes
    records: Codes

    @property
    def area_shares(self) -> Numbers:
        """Give the share of the area in each class."""
        return self.cells / max(int(self.cells.sum()), 1)

    @property
    def record_shares(self) -> Numbers:
        """Give the share of the records in each class."""
        return self.records / max(int(self.records.sum()), 1)

    @property
    def ratios(self) -> Numbers:
        """Give how many times as many records a class has as its area would give."""
        area = self.area_shares
        found: Numbers = np.divide(
            self.record_shares, area, out=np.zeros(len(area)), where=area > 0
        )
        return found

    @property
    def logs(self) -> Numbers:
        """Give the logarithm of the ratio with one more record spread over the area."""
        area, all_records = self.area_shares, int(self.records.sum())
        known = np.where(area > 0, area, 1.0)
        found: Numbers = np.log((self.records + known) / (known * (all_records + 1)))
        return np.where(area > 0, found, 0.0)


def ratios(factor: Classed, counts: Codes) -> Ratios:
    """Count a factor's classes over cells; `counts` says how many records lie in each."""
    size = len(factor.bounds)
    cells = np.bincount(factor.codes, minlength=size)
    records = np.bincount(factor.codes, weights=counts, minlength=size).astype(np.int64)
    return Ratios(cells, records)


def index(factors: Sequence[Classed], of: Sequence[Ratios]) -> Numbers:
    """Give every cell's sum of the ratios of the classes it is in."""
    found: Numbers = np.sum(
        [one.ratios[factor.codes] for factor, one in zip(factors, of, strict=True)], axis=0
    )
    return found


def logs(factors: Sequence[Classed], of: Sequence[Ratios]) -> Numbers:
    """Give every cell's logarithms, a column for each factor."""
    return np.column_stack(
        [one.logs[factor.codes] for factor, one in zip(factors, of, strict=True)]
    )


def table(factor: Classed, of: Ratios) -> list[dict[str, Any]]:
    """Give a factor's classes as they are kept and shown; what has no cells is left out."""
    return [
        {
            "code": code,
            "low": low,
            "high": high,
            "cells": int(of.cells[code]),
            "area_share": round(float(of.area_shares[code]), 4),
            "records": int(of.records[code]),
            "record_share": round(float(of.record_shares[code]), 4),
            "ratio": round(float(of.ratios[code]), 3),
        }
        for code, (low, high) in enumerate(factor.bounds)
        if of.cells[code]
    ]
