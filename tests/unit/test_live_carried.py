"""Lines on their way between machines: divided, written down, read again, without a gap."""

from hypothesis import given
from hypothesis import strategies as st

from rescue_app.live.carried import PIECE_BYTES, Carried, pieces, unpacked
from rescue_app.live.events import encode

SIZES = st.lists(st.sampled_from([1, 200, 20_000, 60_000]), max_size=12)


def lines(sizes):
    return [
        encode(seq, "order", "issued", None, ["/50/500101"] * size)
        for seq, size in enumerate(sizes, start=8)
    ]


@given(SIZES)
def test_the_pieces_are_all_lines_in_turn_and_none_is_too_large_for_a_broker(sizes):
    events = lines(sizes)
    read, reached = [], 7
    for piece in pieces(events, after=7):
        told = piece.packed()
        assert len(told) < 2 * PIECE_BYTES
        assert unpacked(told) == piece
        assert piece.after == reached
        read += piece.lines or [event for event in events if reached < event.seq <= piece.last]
        reached = piece.last
    assert read == events


def test_a_gap_shows():
    (piece,) = pieces(lines([1, 1]), after=7)
    assert piece.follows(7)
    assert piece.follows(8), "what is known already is no gap"
    assert not piece.follows(6)
    assert not Carried(0, 9, None).follows(9), "what is not in it is read at the database"
