"""A resident's report as browsers send it; its receipt's number is made here."""

import secrets
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fastapi import Request
from starlette.datastructures import FormData

from gis.areas.placing import day_of
from gis.errors import Rejected
from qr_codes.assets.models import RiskCode
from qr_codes.findings.reporting import Photo, Report
from qr_codes.findings.reports import SOURCE_BYTES
from rescue_app.http.codes import CodeBook
from rescue_app.web.finding_form import scan_of, uploads_of
from rescue_app.web.scan_form import WRONG_FORM, text

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_SIGNS = 10


def report_of(
    request: Request, form: FormData, label: RiskCode, codes: CodeBook, now: datetime
) -> Report:
    """Read a report from the form."""
    try:
        report_id = UUID(text(form, "id"))
    except ValueError:
        raise Rejected(WRONG_FORM) from None
    return Report(
        id=report_id,
        kind=text(form, "kind"),
        words=text(form, "words"),
        trap=text(form, "website"),
        place=scan_of(form, label).place,
        photos=tuple(Photo(one.file, one.filename or "photo") for one in uploads_of(form)),
        source=source_of(request, codes, now),
        receipt="".join(secrets.choice(SIGNS) for _ in range(RECEIPT_SIGNS)),
    )


def source_of(request: Request, codes: CodeBook, now: datetime) -> bytes:
    """Tell senders apart for a day, without keeping where they are.

    The first half says the address, the second the browser on it: a whole mobile network can
    stand behind one address.
    """
    ring = codes.signing_ring()
    address = f"{day_of(now)} {request.client.host if request.client else ''}"
    browser = f"{address} {request.headers.get('user-agent', '')}"
    key, half = ring.keys[ring.current], SOURCE_BYTES // 2
    said = (blake2b(one.encode(), key=key, digest_size=half) for one in (address, browser))
    return b"".join(one.digest() for one in said)
