"""What this installation prints on its labels: its address and its number to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from gis.errors import Conflict
from qr_codes import labels
from qr_codes.assets.models import RiskCode
from qr_codes.assets.rules import IN_FORCE
from qr_codes.labels import Label, Symbol
from rescue_app.settings import Settings


@dataclass(frozen=True)
class Press:
    """Draws labels with this installation's address."""

    public_url: str
    emergency: str

    def symbol(self, label: RiskCode) -> Symbol:
        """Draw the symbol of a label that is in force; an ended one is never printed again."""
        if label.state not in IN_FORCE:
            raise Conflict("This label has ended. Issue a new one and print that.")
        return labels.symbol_of(labels.address(self.public_url, label.code))

    def sheet(self, found: Sequence[RiskCode]) -> bytes:
        """Print labels as one PDF."""
        wanted = [
            Label(one.code, one.asset.name, one.asset.street, self.emergency) for one in found
        ]
        return labels.sheet(wanted, public_url=self.public_url)[0]


def press_of(settings: Settings) -> Press:
    """Give the press of an installation."""
    return Press(settings.label_url, settings.emergency_number)


def press(request: Request) -> Press:
    """Give the press of the running application."""
    return press_of(request.app.state.settings)


Printer = Annotated[Press, Depends(press)]
