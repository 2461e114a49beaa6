"""What a feed lists: Atom or RSS with links to messages or with the messages, or one message."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from lxml import etree

from gis.errors import Rejected
from hazards.cap import parsing
from hazards.cap.message import ROOT

ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where its message is, or the message itself; `key` changes when it changes."""

    key: str
    url: str = ""
    body: bytes = b""


def entries(body: bytes, *, url: str) -> list[Entry]:
    """Give the entries of a feed that lies at an address, in its order."""
    root = parsing.tree(body)
    if root.tag == ROOT:
        return [_inline(root)]
    if root.tag == f"{ATOM}feed":
        found = [_of_atom(one, url) for one in root.iterfind(f"{ATOM}entry")]
    elif root.tag == "rss" or str(root.tag).endswith("}RDF"):
        items = (one for one in root.iter("*") if etree.QName(one).localname == "item")
        found = [_of_rss(one, url) for one in items]
    else:
        raise Rejected(
            "This address gives no feed: it begins with “{tag}”. Enter the address of the Atom or"
            " RSS feed.",
            tag=str(root.tag)[:60],
        )
    return [one for one in found if one is not None]


def _of_atom(entry: etree._Element, url: str) -> Entry | None:
    inside = next(entry.iter(ROOT), None)
    if inside is not None:
        return _inline(inside)
    links = list(_links(entry))
    href = next((href for href, kind in links if "cap" in kind), links[0][0] if links else "")
    return _linked(href, url, entry.findtext(f"{ATOM}updated", ""))


def _links(entry: etree._Element) -> Iterator[tuple[str, str]]:
    for link in entry.iterfind(f"{ATOM}link"):
        if link.get("rel", "alternate") in {"alternate", "enclosure"} and link.get("href"):
            yield str(link.get("href")), str(link.get("type", ""))


def _of_rss(item: etree._Element, url: str) -> Entry | None:
    inside = next(item.iter(ROOT), None)
    if inside is not None:
        return _inline(inside)
    told = {etree.QName(one).localname: one for one in item}
    enclosed = told.get("enclosure")
    kind = enclosed.get("type", "") if enclosed is not None else ""
    href = str(enclosed.get("url", "")) if enclosed is not None and "cap" in str(kind) else ""
    href = href or _text(told.get("link"))
    return _linked(href, url, _text(told.get("pubDate")) or _text(told.get("date")))


def _text(one: etree._Element | None) -> str:
    return (one.text or "").strip() if one is not None else ""


def _linked(href: str, url: str, updated: str) -> Entry | None:
    if not href:
        return None
    whole = urljoin(url, href.strip())
    return Entry(key=f"{whole} {updated.strip()}"[:1000], url=whole)


def _inline(alert: etree._Element) -> Entry:
    body = etree.tostring(alert, encoding="utf-8", xml_declaration=True, with_tail=False)
    return Entry(key=sha256(body).hexdigest(), body=body)


def check_same_place(entry: Entry, *, url: str) -> None:
    """Hold that a feed leads to its own host: it is not to send us to others of our network."""
    there, here = urlsplit(entry.url), urlsplit(url)
    if (there.scheme, there.netloc.lower()) != (here.scheme, here.netloc.lower()):
        raise Rejected(
            "An entry of the feed leads to {host}, another host than the feed's. Ask the sender, or"
            " set a source up for that host.",
            host=there.netloc[:80],
        )
