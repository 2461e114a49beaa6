"""Files as people and attackers send them."""

import io
import struct
import zipfile
import zlib

from PIL import Image

HTML = b"<html><script>alert(document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MACRO = "application/vnd.ms-excel.sheet.macroEnabled"


def jpeg(*, size=(640, 480), lon=None, lat=None, turned=False, after=b""):
    """A photo as a phone takes it: with its place, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI"
    if turned:
        exif[0x0112] = 6
    if lon is not None:
        exif.get_ifd(0x8825).update({1: "N", 2: in_parts(lat), 3: "E", 4: in_parts(lon)})
    made = io.BytesIO()
    Image.new("RGB", size, "#D92D20").save(made, "JPEG", exif=exif)
    return made.getvalue() + after


def in_parts(degrees):
    minutes = (degrees % 1) * 60
    return (float(int(degrees)), float(int(minutes)), (minutes % 1) * 60)


def png_that_claims(width, height):
    """A PNG of few bytes that says it is enormous."""

    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def office(kind=XLSX, **parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        types = f'<Types><Override PartName="/a" ContentType="{kind}.main+xml"/></Types>'
        book.writestr("[Content_Types].xml", types)
        for name, content in parts.items():
            book.writestr(name, content)
    return made.getvalue()


def zip_bomb():
    return office(**{"xl/sheet1.xml": b"0" * 60_000_000})
