"""Whether a signed message is from whom we trust; only what the signature covers is read on."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.verifier import XMLVerifier

from gis.errors import Rejected

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def certificates_of(text: str) -> list[x509.Certificate]:
    """Read a trust list: PEM certificates one below the other. Raises Rejected."""
    if not text.strip():
        return []
    try:
        return x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        raise Rejected(
            "The certificates cannot be read. Paste them as PEM, from -----BEGIN CERTIFICATE-----"
            " to -----END CERTIFICATE-----."
        ) from None


def checked(body: bytes, *, certificates: str, now: datetime) -> tuple[etree._Element, str]:
    """Give what one of these certificates signed, and whose it is."""
    trusted = certificates_of(certificates)
    if not trusted:
        raise Rejected(
            "The message is signed, and this source has no certificate here to check it by."
            " Enter the sender's certificate and send it again."
        )
    over = True
    for certificate in trusted:
        if not certificate.not_valid_before_utc <= now.astimezone(UTC):
            continue
        if now.astimezone(UTC) > certificate.not_valid_after_utc:
            continue
        over = False
        if (root := _signed(body, certificate)) is not None:
            return root, _name(certificate)
    if over:
        raise Rejected("The certificates of this source are not valid today. Enter the new one.")
    raise Rejected(
        "The signature does not fit the message or is not by a certificate of this source."
        " It may have been changed on its way: ask the sender by telephone."
    )


def _signed(body: bytes, certificate: x509.Certificate) -> etree._Element | None:
    try:
        found = XMLVerifier().verify(body, x509_cert=certificate, parser=_parser())
    except (SignXMLException, InvalidSignature, ValueError, TypeError, etree.LxmlError):
        return None
    # A signature may cover a part of a file: only what it covers is read on.
    return None if isinstance(found, list) else found.signed_xml


def _parser() -> etree.XMLParser:
    """Make a parser that opens nothing and leaves out nothing: the signature is over every sign."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
