"""The program's commands as they are typed, on a server that DATABASE_URL names."""

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from gis.authority import Role
from gis.errors import Conflict, Missing, Rejected
from gis.store.engine import unit_of_work
from gis.store.scope import SYSTEM
from rescue_app.auth import repository as accounts
from rescue_app.cli import ENTRIES, build
from rescue_app.welcome import PAGES
from tests.world import CITY, WANZHOU


@pytest.fixture
def yitong(database, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database.owner)
    monkeypatch.setenv("YITONG_HOME", str(tmp_path))

    def call(*words, keys=None):
        done = CliRunner().invoke(build(words[0]), list(words), input=keys)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return call


def add_planner(yitong, *, area="500101", role="planner"):
    return yitong(
        *("user", "add", "planner", "--name", "王敏", "--role", role, "--area", area),
        keys="yitong-demo\nyitong-demo\n",
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_command_explains_itself(yitong, entry):
    assert yitong(entry.name, "--help").exit_code == 0


def test_a_person_is_added_and_the_password_is_not_shown(yitong, world, sessions):
    done = add_planner(yitong)
    assert WANZHOU in done.output
    assert "yitong-demo" not in done.output
    with unit_of_work(sessions, SYSTEM) as session:
        assert accounts.by_login(session, "planner").name == "王敏"


def test_a_program_gets_a_word_to_sign_in_with(yitong, world, client):
    add_planner(yitong)
    word = yitong("user", "token", "planner", "--days", "2").output.strip()
    headers = {"authorization": f"Bearer {word}"}
    assert client.get("/api/v1/tiles/areas.json", headers=headers).status_code == 200
    with pytest.raises(Missing, match="nobody"):
        yitong("user", "token", "nobody")


def test_a_person_of_no_area_or_no_role_is_refused(yitong, world):
    with pytest.raises(Missing, match="999999"):
        add_planner(yitong, area="999999")
    with pytest.raises(Rejected, match="no role king"):
        add_planner(yitong, role="king")


def test_a_whole_audit_log_is_told_from_a_broken_one(yitong, world, sessions, owner):
    add_planner(yitong)
    assert "1 lines, whole" in yitong("audit", "verify").output
    owner.execute(text("UPDATE audit_entry SET act = 'nothing.happened'"))
    owner.commit()
    with pytest.raises(Conflict, match="broken at line 1"):
        yitong("audit", "verify")


def test_a_given_server_is_never_started_or_stopped(yitong, tmp_path):
    assert "not ours to start" in yitong("db", "up").output
    assert "not ours to stop" in yitong("db", "down").output
    assert not (tmp_path / "postgres").exists()


def test_backup_writes_a_file(yitong, tmp_path):
    yitong("db", "backup", str(tmp_path / "yitong.backup"))
    assert (tmp_path / "yitong.backup").stat().st_size > 0


def test_the_doctor_sees_a_healthy_database(yitong, world):
    said = yitong("doctor").output
    assert "held by row-level security" in said
    assert "today's" in said


def test_the_doctor_says_how_to_mend_a_database_that_is_away(yitong, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    done = yitong("doctor")
    assert done.exit_code == 1
    assert "does not answer" in done.output
    assert "Look at DATABASE_URL" in done.output


def test_every_page_that_run_names_is_there(client, world, sign_in):
    sign_in(client, Role.CITY_COMMANDER, CITY)
    for path, _ in PAGES:
        assert client.get(path, headers={"accept": "text/html"}).status_code == 200, path
