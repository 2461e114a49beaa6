"""What comes from outside as CAP: read to the letter, or refused with its line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner

from gis.errors import Rejected
from hazards.cap import feeds, meaning, parsing, shapes
from hazards.cap.message import Message
from hazards.cap.writing import xml
from tests.cap.messages import AREA, BOX, cap, info, moment, reference
from tests.cap.schema import SCHEMA, valid

NOW = datetime.now(UTC)
SECRET = Path("/etc/hostname")
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
DEEP = "<parameter>" * 40 + "</parameter>" * 40
NESTED = "<a>" * 100_000


def refused(body, **more):
    with pytest.raises(Rejected) as problem:
        parsing.read(body, now=NOW, **more)
    return str(problem.value)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no well-formed XML"),
        (b"\x00\xff\xfe", "no well-formed XML"),
        (b"hello", "no well-formed XML"),
        (cap()[:-20], "no well-formed XML"),
        (cap().replace("暴".encode(), b"\xff\xfe"), "no well-formed XML"),
        (cap().replace(b"utf-8", b"klingon"), "no well-formed XML"),
        (NESTED.encode(), "no well-formed XML"),
        (cap(head=f'<!DOCTYPE alert SYSTEM "file://{SECRET}">'), "DOCTYPE"),
        (cap(head=f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{SECRET}">]>', note="&x;"), "DOCTYPE"),
        (cap(head=f'<!DOCTYPE a [<!ENTITY l0 "lol">{BOMB}]>', note="&l8;"), "no well-formed XML"),
        (cap(info(more=DEEP)), "nested too deeply"),
        (cap(note="长" * 700_000), "larger than 2 MB"),
        (cap(space="urn:oasis:names:tc:emergency:cap:1.1"), "This is CAP 1.1"),
        (cap(space="urn:example"), "no CAP 1.2 message"),
        (b"<html><body>404</body></html>", "no CAP 1.2 message"),
        (cap(sent="2026-07-01T08:00:00"), "“sent” says “2026-07-01T08:00:00”"),
        (cap(sent="yesterday"), "with its zone"),
        (cap(info(expires="2026-07-01 08:00")), "“info 1 / expires”"),
        (cap(status="Real"), "“status” may not be “Real”"),
        (cap(kind="Warn"), "“msgType” may not be “Warn”"),
        (cap(info(severity="9")), "“info 1 / severity” may not be “9”"),
        (cap(name="a b"), "“identifier” may not be “a b”"),
        (cap(name=""), "“identifier” is missing or empty"),
        (cap(info(more="<colour>red</colour>")), "“info 1 / colour” is unknown to CAP 1.2"),
        (cap(info(), info(area=AREA + "<web>x</web>")), "“info 2 / web” is unknown"),
    ],
)
def test_what_is_no_sound_cap_is_refused_with_what_to_do(body, why):
    assert why in refused(body)


def test_a_refusal_names_the_line():
    body = cap(info(severity="9")).replace(b"<severity>", b"\n\n<severity>")
    assert refused(body).startswith("Line 3:")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "iso-8859-1"])
def test_other_declared_encodings_are_read(encoding):
    read = parsing.read(cap(encoding=encoding), now=NOW).message
    assert read.infos[0].headline == "万州发布暴雨橙色预警"


def test_what_is_read_and_written_again_is_content_with_the_schema():
    body = cap(info(), info(language="en"), kind="Update", refers=reference("a0", moment()))
    SCHEMA.assertValid(etree.fromstring(body).getroottree())
    again = xml(parsing.read(body, now=NOW).message)
    assert len(valid(again).findall("{*}info")) == 2


@pytest.mark.parametrize(
    ("area", "why"),
    [
        ("<polygon>30,108 31,109 30,109 31,108 30,108</polygon>", "crosses itself"),
        ("<polygon>30,108 31,109</polygon>", "fewer than three corners"),
        ("<polygon>108,30 109,31 109,30 108,30</polygon>", "look swapped"),
        ("<polygon>30;108 31;109 30;109</polygon>", "is no position"),
        ("<polygon>nan,nan 31,109 30,109</polygon>", "Give both as numbers"),
        ("<circle>30,108 0</circle>", "radius"),
        ("<circle>30,108 nan</circle>", "radius"),
        ("<circle>30,108 1e9</circle>", "radius"),
        ("<circle>here</circle>", "is no position"),
    ],
)
def test_a_place_that_is_none_is_refused(area, why):
    body = cap(info(area=f"<area><areaDesc>x</areaDesc>{area}</area>"))
    with pytest.raises(Rejected) as problem:
        shapes.drawn(parsing.message(body).infos[0].areas)
    assert why in str(problem.value)


def test_an_open_ring_is_closed_and_parts_become_one_shape():
    open_ring = " ".join(BOX.split()[:-1])
    area = (
        f"<area><areaDesc>x</areaDesc><polygon>{open_ring}</polygon><polygon>{BOX}</polygon></area>"
    )
    drawn = shapes.drawn(parsing.message(cap(info(area=area))).infos[0].areas)
    assert (len(drawn.geoms), drawn.bounds) == (1, (108.31, 30.75, 108.36, 30.85))


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ({"severity": "Extreme", "headline": "x"}, "red"),
        ({"severity": "Unknown", "headline": "x"}, "yellow"),
        ({"severity": "Minor", "headline": "暴雨红色预警"}, "red"),
        ({"severity": "Minor", "headline": "Fred is tired"}, "blue"),
        ({"headline": "x", "more": "<parameter><valueName>Colour</valueName><value>Yellow</value>"
          "</parameter>"}, "yellow"),
    ],
)  # fmt: skip
def test_the_senders_colour_counts_before_his_severity(said, colour):
    (part,) = meaning.meant(parsing.message(cap(info(**said))))
    assert part.colour == colour


def test_a_reference_that_names_nothing_is_refused():
    for refers in ("a1", "x,y", "x,y,2026-07-01T08:00:00", "x,y,z"):
        with pytest.raises(Rejected, match="names no earlier message"):
            meaning.references(parsing.message(cap(kind="Cancel", refers=refers)))


@pytest.fixture(scope="module")
def seal():
    """`seal(body)`: signed, and `seal.pem`: the certificate; another one made by `seal.other`."""
    return Seal("气象台"), Seal("别人"), Seal("过期", days=-1)


class Seal:
    def __init__(self, name, days=30):
        self.key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
            .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=60)).not_valid_after(NOW + timedelta(days=days))
            .sign(self.key, hashes.SHA256())
        )  # fmt: skip
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def __call__(self, body):
        signer = XMLSigner(signature_algorithm="ecdsa-sha256")
        return etree.tostring(signer.sign(etree.fromstring(body), key=self.key, cert=self.pem))


def test_a_signature_of_a_trusted_certificate_is_told(seal):
    mine, other, _ = seal
    read = parsing.read(mine(cap()), now=NOW, certificates=other.pem + mine.pem)
    assert (read.signed_by, read.message.identifier) == ("气象台", "a1")


def test_a_signature_that_proves_nothing_is_refused(seal):
    mine, other, over = seal
    signed = mine(cap())
    assert "no certificate here" in refused(signed)
    assert "does not fit" in refused(signed, certificates=other.pem)
    changed = signed.replace(b"<severity>Severe", b"<severity>Minor ")
    assert "does not fit" in refused(changed, certificates=mine.pem)
    assert "not valid today" in refused(over(cap()), certificates=over.pem)
    assert "is not signed" in refused(cap(), certificates=mine.pem, needs_signature=True)


def test_words_wrapped_around_a_signed_part_are_not_read(seal):
    mine, *_ = seal
    inner = etree.fromstring(mine(cap(name="true")))
    outer = etree.fromstring(cap(name="false"))
    signature = inner.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    outer.append(inner)
    outer.append(signature)
    try:
        read = parsing.read(etree.tostring(outer), now=NOW, certificates=mine.pem).message
    except Rejected:
        return
    assert isinstance(read, Message)
    assert read.identifier == "true"


def test_a_feed_leads_to_its_own_host_only():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a.xml"/></entry>'
        '<entry><link href="http://169.254.169.254/x"/></entry></feed>'
    )
    near, far = feeds.entries(atom.encode(), url="https://cap.example/feed")
    assert near.url == "https://cap.example/a.xml"
    feeds.check_same_place(near, url="https://cap.example/feed")
    with pytest.raises(Rejected, match="another host"):
        feeds.check_same_place(far, url="https://cap.example/feed")


def test_feeds_of_every_make_are_read():
    inline = cap().decode().partition("?>")[2]
    linked = "<item><link>/a</link><pubDate>x</pubDate></item>"
    enclosed = '<item><enclosure url="/b" type="application/cap+xml"/></item>'
    entry = f"<entry><content>{inline}</content></entry>"
    bodies = [
        f"<rss><channel>{linked}{enclosed}</channel></rss>",
        f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>',
        inline,
    ]
    found = [feeds.entries(body.encode(), url="http://h/f") for body in bodies]
    assert [one.url for one in found[0]] == ["http://h/a", "http://h/b"]
    assert parsing.message(found[1][0].body).identifier == "a1"
    assert parsing.message(found[2][0].body).identifier == "a1"
    with pytest.raises(Rejected, match="gives no feed"):
        feeds.entries(b"<html/>", url="http://h/f")
