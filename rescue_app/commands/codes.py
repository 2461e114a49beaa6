"""`yitong codes`: load checklists, issue labels, print labels, revoke, rotate keys."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import Progress, track
from sqlalchemy.orm import Session

from gis.areas import repository as areas
from gis.errors import Conflict, Missing, Rejected
from qr_codes import signing
from qr_codes.assets import choosing, keys, repository, service
from qr_codes.assets.choosing import Choice, Want
from qr_codes.assets.models import RiskCode
from qr_codes.labels import batches
from qr_codes.labels.sizes import A4_24, SIZES
from rescue_app.commands.imports import PROGRAM, clock, console, opened
from rescue_app.http.printing import press_of
from rescue_app.labels import CAUSES
from rescue_app.settings import Settings

app = typer.Typer()
key_commands = typer.Typer(no_args_is_help=True)
app.add_typer(key_commands, name="keys", help="The keys that sign codes.")
AreaCode = Annotated[str, typer.Option(help="Code of a district or street, such as 500101001.")]
BATCH = 500


@app.command("issue")
def issue(area: AreaCode) -> None:
    """Issue a label to every asset of an area that has none."""
    with opened() as session:
        choice = Choice(path_of(session, area), wants=[Want.NONE])
        wanted = [one.id for one in choosing.assets(session, choice)]
        ring = ring_of(session)
    parts = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    for batch in track(parts, "Issuing", console=console, transient=True):
        issue_batch(batch, ring)
    console.print(f"{len(wanted):,} labels issued")


@app.command("labels")
def labels(
    area: AreaCode,
    out: Annotated[Path, typer.Option(help="The file to write: a PDF, or a ZIP of plates.")],
    size: Annotated[str, typer.Option(help=", ".join(SIZES))] = A4_24.code,
    kind: Annotated[list[str] | None, typer.Option(help="Kinds of assets; all without.")] = None,
    want: Annotated[list[Want] | None, typer.Option(help="Which labels; all without.")] = None,
) -> None:
    """Write the labels in force of an area; every symbol is read back, clean and worn."""
    if size not in SIZES:
        raise Rejected("There is no label of the size {size}. Choose one from the list.", size=size)
    with opened() as session:
        choice = Choice(path_of(session, area), tuple(kind or ()), tuple(want or ()))
        ids = [one.id for one in choosing.assets(session, choice)]
        press = press_of(Settings())
        wanted = [press.said(one.asset, one.code) for one in choosing.labels(session, ids)]
    with Progress(console=console, transient=True) as shown:
        bar = shown.add_task("Reading back", total=len(wanted))
        made = batches.make(
            wanted,
            public_url=press.public_url,
            size=SIZES[size],
            step=lambda done: shown.update(bar, completed=done),
        )
    if made.failures:
        failed = made.failures[0]
        raise Conflict(CAUSES[failed.cause], which=wanted[failed.index].name)
    out.write_bytes(made.content)
    console.print(f"{len(wanted):,} labels, all read back: {out}", markup=False)


@app.command("revoke")
def revoke(
    code: Annotated[str, typer.Argument(help="As it stands on the label.")],
    reason: Annotated[str, typer.Option(help="Whoever scans it will read this.")],
) -> None:
    """End a label that must not be trusted any more."""
    with opened() as session:
        label = known(session, code)
        service.revoke(session, code_id=label.id, by=PROGRAM, now=clock(), reason=reason)
        console.print(f"{signing.grouped(label.code)} is revoked")


@key_commands.command("rotate")
def rotate() -> None:
    """Put a new signing key on the ring; labels signed before stay good."""
    with opened() as session:
        secret = os.urandom(signing.KEY_BYTES)
        key_id = keys.rotate(session, secret=secret, now=clock())
    console.print(f"Key {key_id} signs from now on. Running servers notice within seconds.")


@key_commands.command("list")
def show_keys() -> None:
    """Say which keys are on the ring and which one signs; the secrets are not shown."""
    with opened() as session:
        ring = ring_of(session)
    console.print(", ".join(f"{k}*" if k == ring.current else str(k) for k in ring.keys))


def issue_batch(batch: Sequence[UUID], ring: signing.KeyRing) -> None:
    """Issue some labels in one transaction."""
    with opened() as session:
        for asset_id in batch:
            service.issue(session, asset_id=asset_id, ring=ring, by=PROGRAM, now=clock())


def ring_of(session: Session) -> signing.KeyRing:
    """Give the ring; the first key of an installation is made here."""
    keys.ensure(session, secret=os.urandom(signing.KEY_BYTES), now=clock())
    session.flush()
    return keys.read(session)


def path_of(session: Session, code: str) -> str:
    """Give the path of an area as it is today."""
    found = areas.by_code(session, code)
    if found is None:
        raise Missing("No area has the code {code} today.", code=code)
    return found.path


def known(session: Session, code: str) -> RiskCode:
    """Give a label by what stands on it."""
    signing.verify(ring_of(session), code)
    label = repository.scanned(session, signing.tidy(code))
    if label is None:
        raise Missing("This code is ours, but its label is not in the register. Report it.")
    return label
