"""Labels set in type: sheets and rolls as one PDF, plates as drawings without letters' fonts."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import typst

from gis.errors import Rejected, Unavailable
from qr_codes.labels.sizes import A4_24, Size
from qr_codes.labels.symbols import Symbol, address, svg, symbol_of
from qr_codes.signing import grouped

LONGEST_NUMBER = 22
CJK_FAMILIES = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Source Han Sans CN",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC",
)  # fmt: skip
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says besides its symbol."""

    code: str
    name: str
    street: str
    emergency: str
    kind: str = ""


def sheet(
    labels: Sequence[Label], *, public_url: str, size: Size = A4_24, sample: bool = False
) -> bytes:
    """Set labels as one PDF; a sample says on each that it is one."""
    rows = rows_of(labels, public_url=public_url, size=size)
    return printed(rows, size=size, sample=sample)[0]


def rows_of(labels: Sequence[Label], *, public_url: str, size: Size) -> list[Row]:
    """Give what the template needs of labels; every symbol has been read back."""
    check(labels)
    return [row_of(label, symbol_for(label, public_url), size) for label in labels]


def check(labels: Sequence[Label]) -> None:
    """Refuse what could not be printed whole."""
    if not labels:
        raise Rejected("There is nothing to print: no label was chosen.")
    if any(len(label.emergency) > LONGEST_NUMBER for label in labels):
        raise Rejected(
            "The emergency number is too long for a label: at most {most} symbols.",
            most=LONGEST_NUMBER,
        )


def symbol_for(label: Label, public_url: str) -> Symbol:
    """Give a label's symbol; it has been read back."""
    return symbol_of(address(public_url, label.code))


def row_of(label: Label, symbol: Symbol, size: Size) -> Row:
    """Give what the template needs of a label."""
    drawn = svg(symbol, size_mm=size.symbol_mm)
    return asdict(label) | {"code": grouped(label.code), "svg": drawn}


def printed(
    rows: Sequence[Row],
    *,
    size: Size,
    form: Literal["pdf", "svg", "png"] = "pdf",
    ppi: int = 150,
    sample: bool = False,
    bare: bool = False,
) -> list[bytes]:
    """Set the pages: one PDF, or one picture per page; bare ones show a drawing and no words."""
    compiler, family = compiler_and_font()
    across, down = size.page_mm
    told = asdict(size) | {"page": [across, down], "symbol_at": size.symbol_at}
    said = {
        "labels": json.dumps(rows, ensure_ascii=False),
        "size": json.dumps(told),
        "font": family,
        "sample": "样张 SAMPLE" if sample else "",
        "bare": "yes" if bare else "",
    }
    # A compiler forgets its document after one run, so the page is handed over each time.
    page = files("qr_codes.labels").joinpath("label.typ").read_bytes()
    pages = compiler.compile(page, format=form, ppi=ppi, sys_inputs=said)
    return pages if isinstance(pages, list) else [pages or b""]


@lru_cache(maxsize=1)
def compiler_and_font() -> tuple[typst.Compiler, str]:
    """Fonts are read once per process; a machine without Chinese letters is told so."""
    fonts = typst.Fonts(include_system_fonts=True)
    known = set(fonts.families())
    family = next((name for name in CJK_FAMILIES if name in known), None)
    if family is None:
        raise Unavailable(
            "No font with Chinese letters was found. Install the package fonts-noto-cjk."
        )
    return typst.Compiler(font_paths=fonts), family
