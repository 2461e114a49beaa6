"""The private PostGIS against real violence: kill -9, stale pid files, two starters."""

import os
import shutil
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from gis.errors import Unavailable
from gis.store import postmaster
from gis.store.cluster import APP, OWNER, SOCKET_NAME, SOCKET_PATH_LIMIT, Cluster
from gis.store.programs import can_reach


def open_folder():
    """A folder every account can walk to, as a project's folder is."""
    place = Path(tempfile.mkdtemp(prefix="yitong-cluster-"))
    place.chmod(0o755)
    return place


@pytest.fixture
def home():
    place = open_folder()
    yield place / "pg"
    Cluster(place / "pg").stop()
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def shared_home():
    place = open_folder()
    yield place / "pg"
    Cluster(place / "pg").stop()
    shutil.rmtree(place)


@pytest.fixture
def cluster(shared_home):
    cluster = Cluster(shared_home, fast=True)
    cluster.ensure_running()
    return cluster


def ask(cluster, question, *, user=OWNER, database="yitong"):
    with psycopg.connect(host=str(cluster.socket), user=user, dbname=database) as connection:
        return connection.execute(question).fetchone()[0]


def processes(cluster):
    return postmaster.inhabitants(cluster.data)


def test_a_new_home_has_postgis_and_a_role_that_owns_nothing(cluster):
    assert ask(cluster, "select ST_AsText(ST_Point(106.55, 29.56))") == "POINT(106.55 29.56)"
    assert (
        ask(cluster, "select rolsuper from pg_roles where rolname = current_user", user=APP)
        is False
    )
    assert ask(cluster, "select count(*) from pg_class where relowner = 'yitong_app'::regrole") == 0


def test_it_listens_on_a_socket_only_and_in_a_closed_folder(cluster):
    assert ask(cluster, "show listen_addresses") == ""
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_it_never_runs_as_root(cluster):
    owners = set()
    for pid in processes(cluster):
        with suppress(FileNotFoundError):  # one that served a question may just have ended
            owners.add(Path(f"/proc/{pid}").stat().st_uid)
    assert owners
    assert 0 not in owners


def test_starting_what_runs_changes_nothing(cluster):
    before = postmaster.living(cluster.data)
    cluster.ensure_running()
    assert postmaster.living(cluster.data) == before


def test_kill_minus_nine_of_the_postmaster_loses_no_row(cluster):
    with psycopg.connect(host=str(cluster.socket), user=OWNER, dbname="yitong") as connection:
        connection.execute("create table kept as select 41 + 1 as answer")
    os.kill(postmaster.living(cluster.data), signal.SIGKILL)
    cluster.ensure_running()
    assert ask(cluster, "select answer from kept") == 42


def test_kill_minus_nine_of_every_process_is_survived(cluster):
    for pid in processes(cluster):
        with suppress(ProcessLookupError):  # its postmaster's end may have ended it first
            os.kill(pid, signal.SIGKILL)
    cluster.ensure_running()
    assert ask(cluster, "select 1") == 1


def test_a_backend_that_outlived_its_postmaster_is_ended_before_a_new_start(cluster):
    with psycopg.connect(host=str(cluster.socket), user=OWNER, dbname="yitong") as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        os.kill(postmaster.living(cluster.data), signal.SIGKILL)
        cluster.ensure_running()
        assert backend not in processes(cluster)
    assert ask(cluster, "select 1") == 1


def test_a_stale_pid_that_now_belongs_to_another_program_does_not_matter(cluster):
    pid_file = cluster.data / postmaster.PID_FILE
    lines = pid_file.read_text().split("\n")
    cluster.stop()
    other = subprocess.Popen(
        ["cat"],
        stdin=subprocess.PIPE,
        cwd="/",
        user=cluster.account.uid if cluster.account.switch else None,
    )
    pid_file.write_text("\n".join([str(other.pid), *lines[1:]]))
    cluster.account.own(pid_file, mode=0o600)
    cluster.ensure_running()
    assert ask(cluster, "select 1") == 1
    assert other.poll() is None  # and the bystander was left alone
    other.communicate()


def test_data_of_another_major_version_is_refused_with_the_way_out(home):
    cluster = Cluster(home)
    cluster.ensure_running()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Unavailable, match=r"made by PostgreSQL 9.*Install postgresql-9"):
        cluster.ensure_running()
    assert (cluster.data / "global").is_dir()  # nothing was touched


def test_two_starters_at_once_end_with_one_server(home):
    starters = [Cluster(home, fast=True) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(Cluster.ensure_running, starters))
    assert len(set(urls)) == 1
    assert ask(starters[0], "select count(*) from pg_database where datname = 'yitong'") == 1
    starters[0].stop()
    assert not starters[1].running()
    assert processes(starters[0]) == []


def test_a_first_start_that_was_cut_off_is_made_good(home):
    home.mkdir()
    cluster = Cluster(home, fast=True)
    cluster.account.own(home, mode=0o700)
    (home / "data.new").mkdir()
    (home / "data.new" / "PG_VERSION").write_text("15\n")
    cluster.ensure_running()
    assert ask(cluster, "select 1") == 1
    cluster.stop()


def test_durable_unless_asked_to_be_fast(home):
    cluster = Cluster(home)
    cluster.ensure_running()
    assert ask(cluster, "show fsync") == "on"
    assert ask(cluster, "show synchronous_commit") == "on"
    cluster.stop()


def test_a_database_can_be_copied_from_a_template(cluster):
    cluster.create_database("mould")
    with psycopg.connect(host=str(cluster.socket), user=OWNER, dbname="mould") as connection:
        connection.execute("create table shape as select ST_Point(1, 2) as place")
    cluster.create_database("cast", template="mould")
    assert ask(cluster, "select ST_X(place) from shape", database="cast") == 1
    cluster.drop_database("cast")
    assert ask(cluster, "select count(*) from pg_database where datname = 'cast'") == 0


def test_a_home_with_a_very_long_path_gets_a_short_socket(home):
    cluster = Cluster(home.parent / ("深" * 40) / "pg", fast=True)
    cluster.ensure_running()
    assert len(bytes(cluster.socket / SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    assert ask(cluster, "select 1") == 1
    cluster.stop()
    cluster.socket.rmdir()


def test_a_home_its_account_cannot_walk_to_is_exchanged_for_one_it_can(home):
    home.parent.chmod(0o700)
    cluster = Cluster(home)
    assert can_reach(cluster.account, cluster.home)


def test_a_folder_of_somebody_else_is_refused(home):
    place = home.parent / "file"
    place.write_text("not a folder")
    place.chmod(0o755)
    with pytest.raises(Unavailable, match="does not belong to"):
        Cluster(place).ensure_running()
