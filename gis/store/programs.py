"""Which PostgreSQL programs this machine has, and which account may run them.

PostgreSQL refuses to run as root, so a platform started by root (a container, a first
look on a fresh machine) hands its database to an unprivileged account.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.errors import Unavailable

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
DEBIAN_EXTENSIONS = Path("/usr/share/postgresql")

# A fixed environment: PGHOST, PGPORT or PGDATA of the caller must not reach our server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Programs:
    """One installed major version with PostGIS."""

    major: int
    folder: Path

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True)
class Account:
    """The unprivileged account that owns the data; `switch` when we must become it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def run(self, command: Sequence[str], *, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this account and hand back what it said."""
        return subprocess.run(
            command,
            check=False,
            cwd=folder,
            env=ENVIRONMENT,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def own(self, path: Path, *, mode: int) -> None:
        """Give a path to this account alone."""
        if self.switch:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


def installed(root: Path = DEBIAN_PROGRAMS, extensions: Path = DEBIAN_EXTENSIONS) -> list[Programs]:
    """Every installed version that has PostGIS, newest first."""
    found = [
        Programs(int(folder.name), folder / "bin")
        for folder in root.glob("[0-9]*")
        if folder.name.isdecimal()
        and (folder / "bin" / "postgres").exists()
        and (extensions / folder.name / "extension" / "postgis.control").exists()
    ]
    return sorted(found, key=lambda programs: programs.major, reverse=True)


def newest() -> Programs:
    """The version a new data folder is made with."""
    found = installed()
    if not found:
        raise Unavailable(
            "PostgreSQL with PostGIS is not installed. Run scripts/setup, or install the "
            "packages postgresql and postgis, then try again."
        )
    return found[0]


def account_for(folder: Path) -> Account:
    """Who runs the database kept in this folder: whoever owns the place, but never root."""
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid, switch=False)
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    owner = nearest.stat().st_uid
    try:
        them = pwd.getpwuid(owner) if owner else pwd.getpwnam("postgres")
    except KeyError as unknown:
        raise Unavailable(
            "No unprivileged account can run the database: the owner of {folder} and the "
            "account postgres are both unknown here. Install the package postgresql.",
            folder=nearest,
        ) from unknown
    return Account(them.pw_name, them.pw_uid, them.pw_gid, switch=True)


def can_reach(account: Account, folder: Path) -> bool:
    """Whether the account may walk down to this folder (a home under /root may not be)."""
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    return account.run(["test", "-x", str(nearest)], folder=Path("/")).returncode == 0
