"""`yitong codes` as a street office calls it."""

import pytest
from typer.testing import CliRunner

from gis.authority import Role
from gis.errors import Missing, Rejected
from qr_codes import labels
from qr_codes.signing import Mistyped
from rescue_app.commands.codes import app
from tests.patrols import load_reference, make_asset
from tests.world import GAOSUNTANG

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def yitong(database, monkeypatch, tmp_path):
    """`yitong("issue", "--area", …)` runs the command on the test's database."""
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_APP_DATABASE_URL", database.app)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))

    def run(*words):
        result = CliRunner().invoke(app, words)
        if result.exception is not None:
            raise result.exception
        return result.output

    return run


def test_a_street_is_labelled_and_printed_by_two_commands(
    yitong, client, sign_in, sessions, tmp_path, monkeypatch
):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    for number in range(3):
        make_asset(client, name=f"{number}号桥")
    assert "3 labels issued" in yitong("issue", "--area", "500101001")
    assert "0 labels issued" in yitong("issue", "--area", "500101001")
    printed = []
    draw = labels.symbol_of
    monkeypatch.setattr(labels, "symbol_of", lambda text: printed.append(text) or draw(text))
    out = tmp_path / "sheet.pdf"
    assert "3 labels on 1 pages" in yitong("sheet", "--area", "500101", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF-")
    codes = [one["code"] for asset in client.get("/api/v1/assets").json()["items"]
             for one in client.get(f"/api/v1/assets/{asset['id']}/codes").json()]  # fmt: skip
    assert sorted(printed) == sorted(f"HTTP://127.0.0.1:8000/C/{code}" for code in codes)
    assert "is revoked" in yitong("revoke", codes[0].lower(), "--reason", "贴错")
    assert client.get(f"/api/v1/codes/{codes[0]}").json()["state"] == "revoked"


def test_keys_are_rotated_and_the_signing_one_is_marked(yitong):
    assert "Key 0 signs" in yitong("keys", "rotate")
    assert "Key 1 signs" in yitong("keys", "rotate")
    assert yitong("keys", "list").strip() == "0, 1*"


def test_what_cannot_be_is_refused(yitong, sessions, tmp_path):
    load_reference(sessions)
    out = str(tmp_path / "sheet.pdf")
    with pytest.raises(Missing, match="999999"):
        yitong("sheet", "--area", "999999", "--out", out)
    with pytest.raises(Rejected, match="nothing to print"):
        yitong("sheet", "--area", "500101", "--out", out)
    with pytest.raises(Mistyped):
        yitong("revoke", "ABC", "--reason", "x")
