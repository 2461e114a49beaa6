"""Files in, tables out: whatever a street office sends, with the line every value came from."""

from gis.exchange.reader import read
from gis.exchange.table import Refused, Table

__all__ = ["Refused", "Table", "read"]
