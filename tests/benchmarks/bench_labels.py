"""Symbols and sheets of labels: ours, where each symbol is read back before it is handed out."""

import ctypes
import ctypes.util
from functools import partial

import zxingcpp

from qr_codes import signing
from qr_codes.labels import batches, sheets, symbols
from qr_codes.labels.sheets import Label
from qr_codes.labels.sizes import A4_24
from qr_codes.signing import Content, KeyRing
from tests.benchmarks.harness import Contest, Run, benchmark
from tests.benchmarks.lab import Lab
from tests.benchmarks.peers import python_with, self_timed

PUBLIC = "https://yitong.example.cn"
RING = KeyRing(keys={1: b"k" * 32}, current=1)
SYMBOLS, LABELS, PROVED = 300, 240, 96
LEVEL_H, BYTES_OR_LESS = 3, 2  # the library itself finds that alphanumeric mode will do
CODES = [signing.sign(RING, Content(number, 1)) for number in range(1, SYMBOLS + 1)]
TEXTS = [symbols.address(PUBLIC, code) for code in CODES]

SEGNO = """
import io, sys, time, segno
texts = sys.argv[2:]
begun = time.perf_counter()
for text in texts:
    code = segno.make(text, error="h", micro=False)
    if sys.argv[1] == "pdf":
        code.save(io.BytesIO(), kind="pdf")
print(time.perf_counter() - begun)
"""


def ours() -> None:
    """Sign nothing, draw and read back: what the press does."""
    for text in TEXTS:
        symbols.symbol_of(text)


def c_library() -> Run:
    """Draw by libqrencode where it is, else by zxing's writer; neither reads back."""
    found = ctypes.util.find_library("qrencode")
    if found is None:
        return lambda: [zxingcpp.create_barcode(t, zxingcpp.BarcodeFormat.QRCode) for t in TEXTS]
    library = ctypes.CDLL(found)
    library.QRcode_encodeString.restype = ctypes.c_void_p
    library.QRcode_free.argtypes = [ctypes.c_void_p]

    def draw() -> None:
        for text in TEXTS:
            made = library.QRcode_encodeString(text.encode(), 4, LEVEL_H, BYTES_OR_LESS, 1)
            assert made
            library.QRcode_free(made)

    return draw


@benchmark("qr/symbol", unit="rows/s", rows=SYMBOLS)
def symbol(_: Lab) -> Contest:
    """Symbols per second; the peer draws them without reading back."""
    segno = python_with("segno")
    peer = partial(self_timed, segno, SEGNO, "matrix", *TEXTS)
    return Contest(ours=ours, floor=c_library(), peer=peer, rounds=7, warm_up=1)


@benchmark("qr/label", unit="rows/s", rows=LABELS)
def label(_: Lab) -> Contest:
    """Printed labels with Chinese text per second.

    The floor sets the pages from symbols that are ready; the peer writes one PDF per symbol,
    with nothing beside it.
    """
    wanted = [Label(code, "万州长江大桥", "万州区高笋塘街道", "119") for code in CODES[:LABELS]]
    ready = sheets.rows_of(wanted, public_url=PUBLIC, size=A4_24)
    segno = python_with("segno")
    return Contest(
        ours=lambda: sheets.sheet(wanted, public_url=PUBLIC),
        floor=lambda: sheets.printed(ready, size=A4_24),
        peer=partial(self_timed, segno, SEGNO, "pdf", *TEXTS[:LABELS]),
        rounds=5,
        warm_up=1,
    )


@benchmark("qr/batch", unit="rows/s", rows=PROVED)
def batch(_: Lab) -> Contest:
    """Labels per second that are read out of the finished PDF, clean and worn in three ways.

    The floor prints the same sheets without the proof.
    """
    wanted = [Label(code, "万州长江大桥", "万州区高笋塘街道", "119") for code in CODES[:PROVED]]

    def proved() -> None:
        made = batches.make(wanted, public_url=PUBLIC, size=A4_24, step=lambda _: None)
        assert not made.failures

    return Contest(
        ours=proved,
        floor=lambda: sheets.sheet(wanted, public_url=PUBLIC),
        rounds=3,
        warm_up=1,
    )
