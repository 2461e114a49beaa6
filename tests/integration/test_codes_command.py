"""`yitong codes` as a street office calls it."""

import zipfile

import pypdfium2 as pdfium
import pytest
import zxingcpp
from typer.testing import CliRunner

from gis.authority import Role
from gis.errors import Missing, Rejected
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
    yitong, client, sign_in, sessions, tmp_path
):
    load_reference(sessions)
    sign_in(client, Role.STREET_COMMANDER, GAOSUNTANG)
    for number in range(3):
        make_asset(client, name=f"{number}号桥")
    assert "3 labels issued" in yitong("issue", "--area", "500101001")
    assert "0 labels issued" in yitong("issue", "--area", "500101001")
    out = tmp_path / "labels.pdf"
    assert "3 labels, all read back" in yitong("labels", "--area", "500101", "--out", str(out))
    codes = [one["code"] for asset in client.get("/api/v1/assets").json()["items"]
             for one in client.get(f"/api/v1/assets/{asset['id']}/codes").json()]  # fmt: skip
    page = pdfium.PdfDocument(out.read_bytes())[0].render(scale=300 / 72).to_pil()
    read = sorted(one.text for one in zxingcpp.read_barcodes(page))
    assert read == sorted(f"HTTP://127.0.0.1:8000/C/{code}" for code in codes)
    plates = tmp_path / "plates.zip"
    asked = ("--size", "plate_100x60", "--kind", "bridge", "--want", "printed")
    yitong("labels", "--area", "500101", "--out", str(plates), *asked)
    assert len(zipfile.ZipFile(plates).namelist()) == 3
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
        yitong("labels", "--area", "999999", "--out", out)
    with pytest.raises(Rejected, match="nothing to print"):
        yitong("labels", "--area", "500101", "--out", out)
    with pytest.raises(Rejected, match="no label of the size A3"):
        yitong("labels", "--area", "500101", "--size", "A3", "--out", out)
    with pytest.raises(Mistyped):
        yitong("revoke", "ABC", "--reason", "x")
