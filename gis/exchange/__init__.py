"""Files in, tables out: whatever a street office sends, with the line every value came from."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gis.exchange.reader import read, ready
    from gis.exchange.table import Refused, Table

__all__ = ["Refused", "Table", "read", "ready"]
PLACES = {"Refused": "table", "Table": "table", "read": "reader", "ready": "reader"}


def __getattr__(name: str) -> Any:
    """Read the readers when one is asked for: pandas behind them costs the server a second."""
    if name not in PLACES:
        raise AttributeError(name)
    return getattr(import_module(f"gis.exchange.{PLACES[name]}"), name)
