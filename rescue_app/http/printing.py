"""What this installation prints on its labels: its address and its number to call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from gis.errors import Conflict
from qr_codes.assets.models import Asset, RiskCode
from qr_codes.assets.rules import IN_FORCE
from qr_codes.labels import sheets, symbols
from qr_codes.labels.sheets import Label
from qr_codes.labels.sizes import A4_24, Size
from qr_codes.labels.symbols import Symbol
from rescue_app.settings import Settings

SAMPLE_CODE = "0" * 16
"""Signed by nobody: whoever scans a sample is told that it is not ours."""


@dataclass(frozen=True)
class Press:
    """Draws labels with this installation's address; `numbers` are of single areas, by code."""

    public_url: str
    emergency: str
    numbers: Mapping[str, str] = field(default_factory=dict)

    def symbol(self, label: RiskCode) -> Symbol:
        """Draw the symbol of a label that is in force; an ended one is never printed again."""
        if label.state not in IN_FORCE:
            raise Conflict("This label has ended. Issue a new one and print that.")
        return symbols.symbol_of(symbols.address(self.public_url, label.code))

    def said(self, asset: Asset, code: str) -> Label:
        """Tell what an asset's label says."""
        kind = f"{asset.type.name_zh} {asset.type.name_en}"
        return Label(code, asset.name, asset.street, self.number_at(asset.area_path), kind)

    def number_at(self, area_path: str) -> str:
        """Give the number to call at a place: that of the nearest area which has its own."""
        codes = reversed(area_path.strip("/").split("/"))
        return next((self.numbers[c] for c in codes if c in self.numbers), self.emergency)

    def sheet(self, found: Sequence[RiskCode], size: Size = A4_24) -> bytes:
        """Print labels as one PDF."""
        wanted = [self.said(one.asset, one.code) for one in found]
        return sheets.sheet(wanted, public_url=self.public_url, size=size)

    def sample(self, assets: Sequence[Asset], size: Size) -> bytes:
        """Draw the first page as it would be, each label marked as a sample."""
        shown = [self.said(one, SAMPLE_CODE) for one in assets[: size.per_page]]
        rows = sheets.rows_of(shown, public_url=self.public_url, size=size)
        ppi = 100 if size.per_page > 1 else 200
        return sheets.printed(rows, size=size, form="png", ppi=ppi, sample=True)[0]


def press_of(settings: Settings) -> Press:
    """Give the press of an installation."""
    return Press(settings.label_url, settings.emergency_number, settings.emergency_numbers)


def press(request: Request) -> Press:
    """Give the press of the running application."""
    return press_of(request.app.state.settings)


Printer = Annotated[Press, Depends(press)]
