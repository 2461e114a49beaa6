"""`yitong packs`: the keys that sign what phones take along."""

import os
from typing import Annotated

import typer

from qr_codes.packs import keys
from qr_codes.packs.sealing import SECRET_BYTES
from rescue_app.commands.imports import clock, console, opened

app = typer.Typer()
Forget = Annotated[
    bool, typer.Option("--forget", help="After a leak: packs signed before hold no longer.")
]


@app.command("rotate")
def rotate(forget: Forget = False) -> None:
    """Put a new key on the ring; packs signed before hold for the rest of their day."""
    secret = os.urandom(SECRET_BYTES)
    with opened() as session:
        key_id = keys.rotate(session, secret=secret, now=clock(), forget=forget)
    console.print(f"Key {key_id} signs packs from now on. Phones learn it when they next open.")


@app.command("keys")
def show_keys() -> None:
    """Say which keys hold, by their public halves; the one with a star signs."""
    with opened() as session:
        keys.ensure(session, secret=os.urandom(SECRET_BYTES), now=clock())
        ring = keys.read(session, now=clock())
    for key_id, half in ring.public().items():
        star = "*" if key_id == ring.current else ""
        console.print(f"{key_id}{star} {half.hex()}", markup=False)
