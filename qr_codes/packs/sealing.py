"""Ed25519 over a whole pack: whoever has the public half can tell that nobody changed a sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gis.errors import Unavailable
from qr_codes.packs.squares import Piece

PURPOSE = b"yitong/street-pack/1\n"
"""Stands before what is signed, so that no signature of ours means two things."""
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Sealed:
    """A pack as it goes to the phone: the text that was signed, by which key, and the signature."""

    key_id: int
    signature: bytes
    pack: str


@dataclass(frozen=True)
class SealRing:
    """Keys by id: `current` signs; phones are told the public halves of all that still hold."""

    secrets: Mapping[int, bytes]
    current: int

    def __post_init__(self) -> None:
        """Refuse a ring that could not sign."""
        if self.current not in self.secrets:
            raise Unavailable("No key signs the packs yet. Run: yitong packs rotate")

    def public(self) -> dict[int, bytes]:
        """Give the halves that anyone may know."""
        keys = {key: Ed25519PrivateKey.from_private_bytes(raw) for key, raw in self.secrets.items()}
        return {key: one.public_key().public_bytes_raw() for key, one in keys.items()}


def seal(ring: SealRing, pack: str) -> Sealed:
    """Sign a pack with the key now in force."""
    key = Ed25519PrivateKey.from_private_bytes(ring.secrets[ring.current])
    return Sealed(ring.current, key.sign(PURPOSE + pack.encode()), pack)


@dataclass(frozen=True, slots=True)
class Whole:
    """A pack with the squares of the map that it lists."""

    sealed: Sealed
    pieces: Sequence[Piece]
    labels: int

    @property
    def size(self) -> int:
        """Tell how many bytes it takes on a phone."""
        return len(self.sealed.pack.encode()) + sum(len(one.content) for one in self.pieces)
