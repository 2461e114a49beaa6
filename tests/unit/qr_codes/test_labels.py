"""What is printed can be scanned, and says in Chinese what it hangs on."""

import io
import re
import zipfile

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from gis.errors import Rejected, Unavailable
from qr_codes import signing
from qr_codes.labels import batches, plates, proofs, sheets, symbols, wear
from qr_codes.labels.sheets import Label
from qr_codes.labels.sizes import A4_24, PLATE_100, SIZES
from qr_codes.signing import Content, KeyRing

PUBLIC = "https://yitong.example.cn"
UGLY = (
    "万州长江大桥", "桥" * 120, "SUPERCALIFRAGILISTICEXPIALIDOCIOUS-BRIDGE" * 2, "A b " * 30,
    "北滨大道二段下穿道(高笋塘—太白)排水泵站一号集水井", "曌䶮闸", "=1+1 “引号”",
    *"一二三四五六七八九十甲乙丙丁戊己庚辛壬癸",
)  # fmt: skip
RING = KeyRing(keys={1: b"k" * 32}, current=1)


def code(number: int) -> str:
    return signing.sign(RING, Content(number, 1))


def read(picture: bytes) -> list[str]:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return sorted(barcode.text for barcode in found)


def a_label(number: int, name: str = "万州长江大桥") -> Label:
    return Label(code=code(number), name=name, street="万州区高笋塘街道", emergency="119")


def test_the_whole_address_is_version_four_at_correction_h_and_coarse_enough_at_25_mm():
    symbol = symbols.symbol_of(symbols.address(PUBLIC, code(7)))
    found = zxingcpp.read_barcode(symbols.image(symbol))
    assert symbol.text == f"HTTPS://YITONG.EXAMPLE.CN/C/{code(7)}"
    assert symbol.version == 4
    assert symbol.module_mm > 0.6
    assert found.ec_level == "H"


def test_png_and_svg_carry_the_same_symbol():
    symbol = symbols.symbol_of(symbols.address(PUBLIC, code(7)))
    assert read(symbols.png(symbol)) == [symbol.text]
    drawn = symbols.svg(symbol)
    whole = len(symbol.rows) + 2 * symbols.QUIET_MODULES
    redrawn = Image.new("L", (whole * 4, whole * 4), 255)
    pen = ImageDraw.Draw(redrawn)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawn):
        left, top = int(x) * 4, int(y) * 4
        pen.rectangle((left, top, left + int(run) * 4 - 1, top + 3), fill=0)
    assert zxingcpp.read_barcode(redrawn).text == symbol.text
    assert 'width="25mm"' in drawn


def ugly(size):
    """Give labels with names as people write them: more than one sheet, or one each."""
    names = UGLY if size is A4_24 else UGLY[:7]
    return [a_label(number, name) for number, name in enumerate(names, start=1)]


def made(wanted, size):
    return batches.make(wanted, public_url=PUBLIC, size=size, step=lambda _: None)


def pages_of(content, size):
    """Give the pages that a workshop gets, a plate as the page of its drawing."""
    if size is PLATE_100:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            drawn = [archive.read(name) for name in archive.namelist()]
        assert all(b"<text" not in one and b"<use" not in one for one in drawn), "outlines only"
        assert b'width="100mm" height="60mm"' in drawn[0]
        content = plates.as_pages(drawn)
    return pdfium.PdfDocument(content)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_symbol_is_read_out_of_what_is_handed_out_clean_and_worn(size):
    wanted = ugly(size)
    batch = made(wanted, size)
    assert batch.failures == []
    document = pages_of(batch.content, size)
    assert len(document) == -(-len(wanted) // size.per_page)
    found = []
    for page in document:
        assert page.get_size() == pytest.approx([mm * 72 / 25.4 for mm in size.page_mm], abs=0.1)
        picture = page.render(scale=300 / 72, grayscale=True).to_pil()
        found += [one.text for one in zxingcpp.read_barcodes(picture)]
    assert sorted(found) == sorted(symbols.address(PUBLIC, label.code) for label in wanted)


@pytest.mark.parametrize("size", [one for one in SIZES.values() if one is not PLATE_100])
def test_no_word_leaves_its_label_and_none_lies_on_the_symbol(size):
    wanted = ugly(size)
    document = pages_of(made(wanted, size).content, size)
    for index, label in enumerate(wanted):
        number, slot = divmod(index, size.per_page)
        text = document[number].get_textpage()
        left, top, right, bottom = within(size, slot)
        said = text.get_text_bounded(left, bottom, right, top)
        assert label.code in re.sub(r"\W", "", said)
        assert "119" in said
        assert label.name[:1] in said
        x, y, edge = *(mm * 72 / 25.4 for mm in size.symbol_at), size.symbol_mm * 72 / 25.4
        for place in range(text.count_chars()):
            low, floor, high, roof = text.get_charbox(place)
            if floor >= top or roof <= bottom or low >= right or high <= left:
                continue
            assert left <= low <= high <= right, label.name
            assert bottom <= floor <= roof <= top, label.name
            assert low >= left + x + edge or roof <= top - y - edge + 4 * edge / 41, label.name


def within(size, slot):
    """Give a label's edges as PDF counts: points from the lower left."""
    (x, y), (_, high) = size.label_at(slot), size.page_mm
    edges = (x, high - y, x + size.wide_mm, high - y - size.high_mm)
    return tuple(mm * 72 / 25.4 for mm in edges)


def test_a_symbol_stands_dirt_blur_and_the_loss_of_a_third_and_wears_the_same_each_time():
    symbol = symbols.symbol_of(symbols.address(PUBLIC, code(7)))
    picture = symbols.image(symbol, module_px=9)
    for worn in wear.WEAR.values():
        first, again = (worn(picture, modules=33, seed=symbol.text) for _ in range(2))
        assert first.tobytes() == again.tobytes() != picture.tobytes()
    lost = wear.torn(picture, modules=33, seed="").tobytes().count(wear.BARE_METAL)
    assert 0.30 <= lost / len(picture.tobytes()) < 0.32
    other = wear.dirty(picture, modules=33, seed="another")
    assert other.tobytes() != wear.dirty(picture, modules=33, seed=symbol.text).tobytes()


def test_a_label_that_cannot_be_relied_on_is_found_with_what_it_does_not_stand():
    wanted = [a_label(number) for number in range(1, 4)]
    drawn = [sheets.symbol_for(label, PUBLIC) for label in wanted]
    rows = [sheets.row_of(*pair, A4_24) for pair in zip(wanted, drawn, strict=True)]
    rows[1]["svg"] = rows[1]["svg"].replace("/></svg>", "/><rect width='41' height='9'/></svg>")
    holes = "<rect x='20' y='20' width='17' height='6' fill='#fff'/></svg>"
    rows[2]["svg"] = rows[2]["svg"].replace("</svg>", holes)
    told = list(proofs.pages(sheets.printed(rows, size=A4_24)[0], A4_24, drawn))
    assert [(done, [(f.index, f.cause) for f in found]) for done, found in told] == [
        (3, [(1, "print"), (2, "loss")])
    ]


def test_the_pdf_is_one_file_with_the_chinese_font_inside():
    pdf = sheets.sheet([a_label(1), a_label(2, "桥" * 60)], public_url=PUBLIC)
    assert pdf.startswith(b"%PDF-")
    assert re.search(rb"/FontName\s*/\w+\+[\w-]*CJK", pdf) or b"CJK" in pdf


def test_nothing_to_print_or_a_number_that_would_be_cut_is_refused():
    with pytest.raises(Rejected, match="no label was chosen"):
        sheets.sheet([], public_url=PUBLIC)
    with pytest.raises(Rejected, match="too long for a label"):
        sheets.sheet([Label(code(1), "桥", "街道", "1" * 40)], public_url=PUBLIC)


@pytest.mark.parametrize(
    "public_url", ["https://host/path", "yitong.cn", "", "https://h h", "ftp://h"]
)
def test_an_address_that_is_not_scheme_and_host_is_refused(public_url):
    with pytest.raises(Rejected, match="without a path"):
        symbols.address(public_url, code(1))


def test_an_address_too_long_for_a_small_label_is_refused():
    with pytest.raises(Rejected, match="too long"):
        symbols.symbol_of(symbols.address("https://" + "a" * 80 + ".cn", code(1)))


def test_another_mask_is_tried_and_an_unreadable_symbol_is_never_handed_out(monkeypatch):
    tried = []

    def unreadable(symbol):
        tried.append(symbol)
        return False

    monkeypatch.setattr(symbols, "readable", unreadable)
    with pytest.raises(Unavailable, match="Nothing was printed"):
        symbols.symbol_of(symbols.address(PUBLIC, code(1)))
    assert len({symbol.rows for symbol in tried}) == 8


def test_a_machine_without_chinese_letters_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(sheets, "CJK_FAMILIES", ("No Such Font",))
    sheets.compiler_and_font.cache_clear()
    with pytest.raises(Unavailable, match="fonts-noto-cjk"):
        sheets.sheet([a_label(1)], public_url=PUBLIC)
    sheets.compiler_and_font.cache_clear()
