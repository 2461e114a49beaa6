"""What a step of an import works with: its file as a table, its ledger, and the refused rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from gis.errors import PlatformError
from gis.intake.models import LedgerImport
from gis.store import files
from gis.store.base import new_id
from rescue_app import ledgers
from rescue_app.web import words

UNKNOWN_WORD = "“{value}” is not known here. Go back to the columns and say what it means."

if TYPE_CHECKING:
    from gis.exchange.importing.report import Report
    from gis.exchange.table import Table
    from gis.intake.ledger import Ledger


def kind_of(this: LedgerImport) -> "type[Ledger]":
    """Give what a ledger has of its own."""
    from hazards.events.importing.catalogue import Events  # noqa: PLC0415 - as below
    from hazards.monitoring.importing.stations import Stations  # noqa: PLC0415 - as below
    from hazards.points.importing.ledger import Points  # noqa: PLC0415 - shapely and Arrow are the job's
    from qr_codes.assets.importing.register import Assets  # noqa: PLC0415 - as above
    from rescue_app.evacuation.importing import Households  # noqa: PLC0415 - as above

    known: dict[str, type[Ledger]] = {
        ledgers.POINTS.code: Points,
        ledgers.ASSETS.code: Assets,
        ledgers.HOUSEHOLDS.code: Households,
        ledgers.STATIONS.code: Stations,
        ledgers.RECORDS.code: Events,
    }
    return known[this.kind]


def taking(this: LedgerImport) -> "Callable[..., Report]":
    """Give what takes the rows of an import."""
    from gis.intake import ledger  # noqa: PLC0415 - as above
    from hazards.points.importing import proposing  # noqa: PLC0415 - as above

    if this.kind == ledgers.POINTS.code:
        return partial(proposing.propose, case_id=this.id, title=this.file_name)
    return partial(ledger.bring_in, kind_of(this), apply=True, import_id=this.id)


def left_over(
    session: Session, this: LedgerImport, table: "Table", report: "Report", lang: str
) -> UUID | None:
    """Keep the refused rows as a file, if there are any."""
    from gis.exchange.importing import leftover  # noqa: PLC0415 - as above

    if not report.refusals:
        return None
    with TemporaryDirectory(prefix="yitong-refused-") as folder:
        path = Path(folder) / "rows.csv"
        leftover.write(path, table, report, say=in_words(lang))
        return keep_rows(session, this, path, lang)


def keep_rows(session: Session, this: LedgerImport, path: Path, lang: str) -> UUID:
    """Keep the refused rows for correction."""
    name = words.translate(lang, "refused-{name}.csv", name=Path(this.file_name).stem)
    kept = files.keep(
        session,
        path,
        id=new_id(),
        name=name,
        media_type="text/csv; charset=utf-8",
        by_id=this.owner_id,
        area_path=this.area_path,
        kind=files.RESULT,
        ref=this.id,
    )
    return kept.id


def in_words(lang: str) -> Callable[[PlatformError], str]:
    """Say reasons in a language."""

    def say(reason: PlatformError) -> str:
        return words.translate(lang, for_a_person(reason.text), **reason.values)

    return say


def for_a_person(reason: str) -> str:
    """Give what a page says where the command line speaks of its mapping file."""
    if "in the mapping what it means" in reason:
        return UNKNOWN_WORD
    return reason


@contextmanager
def opened(session: Session, this: LedgerImport) -> Iterator["Table"]:
    """Read an import's file as a table."""
    from gis import exchange  # noqa: PLC0415 - pandas behind it is the job's

    said = this.said or {}
    with TemporaryDirectory(prefix="yitong-import-") as folder:
        path = Path(folder) / this.file_name
        files.shelf_of(session).fetch(files.visible(session, this.file_id).sha256, path)
        table = exchange.read(path, encoding=said.get("encoding"), layer=said.get("layer"))
        yield table
