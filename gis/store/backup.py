"""A whole database in one file, and back: PostgreSQL's own dump, overwriting nothing."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from gis.errors import Conflict, Missing, Unavailable
from gis.store.programs import DEBIAN_PROGRAMS, ENVIRONMENT

LAST_LINES = 5

# Properties of an extension's functions are not part of a dump; see the first migration.
LEAKPROOF = "alter function geometry_overlaps(geometry, geometry) leakproof"
HAS_TABLES = """
select exists (select from pg_class c where c.relkind = 'r'
    and c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e'))
"""


def backup(url: str, target: Path) -> int:
    """Write the database to a new file that only its owner may read; give its size in bytes."""
    if target.exists():
        raise Conflict("The file {file} exists. Name another one.", file=target)
    if not target.parent.is_dir():
        raise Missing("There is no folder {folder}. Make it first.", folder=target.parent)
    draft = target.with_name(f".{target.name}.part")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        try:
            _run(url, "pg_dump", ["--format=custom"], output=file.fileno())
            os.fsync(file.fileno())
        except BaseException:
            draft.unlink()
            raise
    draft.rename(target)
    return target.stat().st_size


def restore(url: str, source: Path) -> None:
    """Read a backup into an empty database: all of it, or nothing."""
    if not source.is_file():
        raise Missing("There is no file {file}.", file=source)
    with _connect(url) as connection:
        filled = connection.execute(HAS_TABLES).fetchone()
    if filled and filled[0]:
        raise Conflict(
            "The database {database} is not empty, and a restore overwrites nothing. Name an "
            "empty one with DATABASE_URL, or move the private one's folder away.",
            database=make_url(url).database,
        )
    words = ["--exit-on-error", "--single-transaction", "--no-owner", str(source.absolute())]
    _run(url, "pg_restore", words)
    with _connect(url) as connection:
        connection.execute(LEAKPROOF)


def _run(url: str, name: str, words: Sequence[str], output: int | None = None) -> None:
    where = make_url(url)
    reach = {
        "--host": where.host or where.query.get("host"),
        "--port": where.port or where.query.get("port"),
        "--username": where.username,
        "--dbname": where.database,
    }
    target = [f"{option}={value}" for option, value in reach.items() if value]
    secret = {"PGPASSWORD": str(where.password)} if where.password else {}
    done = subprocess.run(
        [_program(url, name), *target, "--no-password", *words],
        check=False,
        env=ENVIRONMENT | secret,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        said = "\n".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise Unavailable("{program} did not succeed: {said}", program=name, said=said)


def _program(url: str, name: str) -> str:
    """Find the program of the server's own version, or a newer one: older ones cannot read it."""
    with _connect(url) as connection:
        server = connection.info.server_version // 10000
    fitting = sorted(
        int(folder.name)
        for folder in DEBIAN_PROGRAMS.glob("[0-9]*")
        if folder.name.isdecimal()
        and int(folder.name) >= server
        and (folder / "bin" / name).exists()
    )
    if not fitting:
        raise Unavailable(
            "The server is PostgreSQL {server}, and no {program} of that version or a newer one "
            "is installed. Install postgresql-client-{server}.",
            server=server,
            program=name,
        )
    return str(DEBIAN_PROGRAMS / str(fitting[0]) / "bin" / name)


def _connect(url: str) -> psycopg.Connection:
    where: URL = make_url(url).set(drivername="postgresql")
    return psycopg.connect(where.render_as_string(hide_password=False), autocommit=True)
