"""A code on a label survives people, and does not survive forgers."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.errors import Rejected, Unavailable
from qr_codes import signing
from qr_codes.signing import ALPHABET, Content, Forged, KeyRing, Mistyped

RING = KeyRing(keys={3: b"k" * 32}, current=3)
CONTENTS = st.builds(
    Content,
    number=st.integers(1, signing.HIGHEST_NUMBER),
    issue=st.integers(1, signing.HIGHEST_ISSUE),
)


@given(CONTENTS, st.integers(0, 15), st.binary(min_size=32, max_size=32))
def test_what_was_signed_is_read_back(content, key_id, key):
    ring = KeyRing(keys={key_id: key}, current=key_id)
    code = signing.sign(ring, content)
    assert len(code) == signing.LENGTH
    assert signing.verify(ring, code) == content
    assert signing.key_id_of(code) == key_id


@given(CONTENTS, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_any_single_wrong_symbol_is_a_slip_not_a_forgery(content, place, symbol):
    code = signing.sign(RING, content)
    assume(code[place] != symbol)
    with pytest.raises(Mistyped):
        signing.verify(RING, code[:place] + symbol + code[place + 1 :])


@given(CONTENTS, st.integers(0, 15), st.integers(0, 15))
def test_any_two_symbols_swapped_are_a_slip(content, one, other):
    symbols = list(signing.sign(RING, content))
    assume(symbols[one] != symbols[other])
    symbols[one], symbols[other] = symbols[other], symbols[one]
    with pytest.raises(Mistyped):
        signing.verify(RING, "".join(symbols))


@given(CONTENTS, st.binary(min_size=32, max_size=32))
def test_a_code_signed_with_another_key_is_forged(content, key):
    assume(key != RING.keys[3])
    stranger = KeyRing(keys={3: key}, current=3)
    with pytest.raises(Forged):
        signing.verify(RING, signing.sign(stranger, content))


@given(CONTENTS, st.integers(1, (1 << signing.MAC_BITS) - 1))
def test_a_wrong_mac_with_a_right_check_never_verifies(content, twist):
    code = signing.sign(RING, content)
    tail = 0
    for symbol in code[7:15]:
        tail = tail << 5 | ALPHABET.index(symbol)
    body = code[:7] + signing.symbols_of(tail ^ twist, count=8)
    with pytest.raises(Forged):
        signing.verify(RING, body + signing.check_symbol(body))


@given(st.text(max_size=200))
def test_any_text_at_all_is_refused_kindly(text):
    with pytest.raises((Mistyped, Forged)):
        signing.verify(RING, text)


@pytest.mark.parametrize(
    "spoil",
    [
        str.lower,
        signing.grouped,
        lambda code: f"  {code[:8]} {code[8:]}\n",
        lambda code: code.replace("1", "l").replace("0", "o"),
        lambda code: code.replace("1", "I").replace("0", "O"),
        lambda code: "".join(chr(ord(symbol) + 0xFEE0) for symbol in code),
        "\u2014".join,
    ],
    ids=["lower", "dashes", "spaces", "confusable", "capitals", "full-width", "long-dashes"],
)
@given(content=CONTENTS)
def test_the_way_people_type_is_forgiven(spoil, content):
    assert signing.verify(RING, spoil(signing.sign(RING, content))) == content


def test_old_labels_outlive_a_rotation_and_new_ones_use_the_new_key():
    before = signing.sign(RING, Content(7, 1))
    rotated = KeyRing(keys={**RING.keys, 4: b"n" * 32}, current=4)
    after = signing.sign(rotated, Content(7, 1))
    assert signing.verify(rotated, before) == signing.verify(rotated, after) == Content(7, 1)
    assert before != after
    with pytest.raises(Forged):
        signing.verify(RING, after)


def test_a_code_of_a_key_that_never_was_is_forged_even_with_the_key_of_zeros():
    zeros = KeyRing(keys={9: bytes(32)}, current=9)
    with pytest.raises(Forged):
        signing.verify(RING, signing.sign(zeros, Content(1, 1)))


@pytest.mark.parametrize(
    "content", [Content(0, 1), Content(1 << 24, 1), Content(1, 0), Content(1, 128)]
)
def test_what_a_code_cannot_carry_is_refused(content):
    with pytest.raises(Rejected):
        signing.sign(RING, content)


def test_a_ring_without_its_current_key_cannot_be_made():
    with pytest.raises(Unavailable, match="db migrate"):
        KeyRing(keys={}, current=0)


def test_a_megabyte_of_text_is_refused_at_once():
    began = time.perf_counter()
    with pytest.raises(Mistyped):
        signing.verify(RING, "A" * 1_000_000)
    assert time.perf_counter() - began < 1
