"""What is printed can be scanned, and says in Chinese what it hangs on."""

import io
import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from gis.errors import Rejected, Unavailable
from qr_codes import labels, signing
from qr_codes.labels import Label
from qr_codes.signing import Content, KeyRing

PUBLIC = "https://yitong.example.cn"
RING = KeyRing(keys={1: b"k" * 32}, current=1)


def code(number: int) -> str:
    return signing.sign(RING, Content(number, 1))


def read(picture: bytes) -> list[str]:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return sorted(barcode.text for barcode in found)


def a_label(number: int, name: str = "万州长江大桥") -> Label:
    return Label(code=code(number), name=name, street="万州区高笋塘街道", emergency="119")


def test_the_whole_address_is_version_four_at_correction_h_and_coarse_enough_at_25_mm():
    symbol = labels.symbol_of(labels.address(PUBLIC, code(7)))
    found = zxingcpp.read_barcode(labels.image(symbol))
    assert symbol.text == f"HTTPS://YITONG.EXAMPLE.CN/C/{code(7)}"
    assert symbol.version == 4
    assert symbol.module_mm > 0.6
    assert found.ec_level == "H"


def test_png_and_svg_carry_the_same_symbol():
    symbol = labels.symbol_of(labels.address(PUBLIC, code(7)))
    assert read(labels.png(symbol)) == [symbol.text]
    drawn = labels.svg(symbol)
    whole = len(symbol.rows) + 2 * labels.QUIET_MODULES
    redrawn = Image.new("L", (whole * 4, whole * 4), 255)
    pen = ImageDraw.Draw(redrawn)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn):
        left, top = int(x) * 4, int(y) * 4
        pen.rectangle((left, top, left + int(run) * 4 - 1, top + 3), fill=0)
    assert zxingcpp.read_barcode(redrawn).text == symbol.text
    assert 'width="25mm"' in drawn


def test_a_symbol_is_still_read_with_a_fifth_of_it_torn_off_or_out_of_focus():
    symbol = labels.symbol_of(labels.address(PUBLIC, code(7)))
    torn = labels.image(symbol)
    wide, high = torn.size
    torn.paste(128, (wide * 55 // 100, high * 55 // 100, wide * 95 // 100, high * 95 // 100))
    assert zxingcpp.read_barcode(torn).text == symbol.text
    blurred = labels.image(symbol).filter(ImageFilter.GaussianBlur(3))
    assert zxingcpp.read_barcode(blurred).text == symbol.text


def test_every_code_is_read_back_out_of_the_printed_sheet():
    wanted = [a_label(number) for number in range(1, 27)]
    pages = labels.sheet(wanted, public_url=PUBLIC, form="png")
    assert len(pages) == 2
    found = sorted(text for picture in pages for text in read(picture))
    assert found == sorted(labels.address(PUBLIC, label.code) for label in wanted)


def test_the_pdf_is_one_file_with_the_chinese_font_inside():
    pages = labels.sheet([a_label(1), a_label(2, "桥" * 60)], public_url=PUBLIC)
    assert len(pages) == 1
    assert pages[0].startswith(b"%PDF-")
    assert re.search(rb"/FontName\s*/\w+\+[\w-]*CJK", pages[0]) or b"CJK" in pages[0]


def test_nothing_to_print_or_a_number_that_would_be_cut_is_refused():
    with pytest.raises(Rejected, match="no label was chosen"):
        labels.sheet([], public_url=PUBLIC)
    with pytest.raises(Rejected, match="too long for a label"):
        labels.sheet([Label(code(1), "桥", "街道", "1" * 40)], public_url=PUBLIC)


@pytest.mark.parametrize(
    "public_url", ["https://host/path", "yitong.cn", "", "https://h h", "ftp://h"]
)
def test_an_address_that_is_not_scheme_and_host_is_refused(public_url):
    with pytest.raises(Rejected, match="without a path"):
        labels.address(public_url, code(1))


def test_an_address_too_long_for_a_small_label_is_refused():
    with pytest.raises(Rejected, match="too long"):
        labels.symbol_of(labels.address("https://" + "a" * 80 + ".cn", code(1)))


def test_another_mask_is_tried_and_an_unreadable_symbol_is_never_handed_out(monkeypatch):
    tried = []

    def unreadable(symbol):
        tried.append(symbol)
        return False

    monkeypatch.setattr(labels, "readable", unreadable)
    with pytest.raises(Unavailable, match="Nothing was printed"):
        labels.symbol_of(labels.address(PUBLIC, code(1)))
    assert len({symbol.rows for symbol in tried}) == 8


def test_a_machine_without_chinese_letters_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(labels, "CJK_FAMILIES", ("No Such Font",))
    labels.compiler_and_font.cache_clear()
    with pytest.raises(Unavailable, match="fonts-noto-cjk"):
        labels.sheet([a_label(1)], public_url=PUBLIC)
    labels.compiler_and_font.cache_clear()
