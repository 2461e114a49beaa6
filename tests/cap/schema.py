"""The OASIS schema, and one's own eyes on a message."""

from pathlib import Path

from lxml import etree

SCHEMA = etree.XMLSchema(file=str(Path(__file__).with_name("CAP-v1.2.xsd")))
NS = {"c": "urn:oasis:names:tc:emergency:cap:1.2", "a": "http://www.w3.org/2005/Atom"}


def valid(body: bytes) -> etree._Element:
    """Read a message that the schema is content with."""
    root = etree.fromstring(body)
    SCHEMA.assertValid(root.getroottree())
    return root


def texts(root: etree._Element, path: str) -> list[str]:
    """Give what stands at a path, `c:` before CAP's own names."""
    return [one.text or "" for one in root.findall(path, NS)]
