"""A private PostgreSQL for tests: made in a temporary folder, gone with the process that started it."""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.needs import give_up
from tests.support.tables import make_tables

START_SECONDS = 60
PR_SET_PDEATHSIG = 1
# A test database may lose everything at a power cut; it must only be quick.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


class PostgresDidNotStart(Exception):
    """The private cluster ended, or didn't answer in time; the text holds its log."""


@dataclass(frozen=True)
class PostgresCluster:
    """A running cluster that only these tests use."""

    port: int
    password: str

    def get_url(self, database: str) -> str:
        """The `DATABASE_URL` of one database of this cluster."""
        return f"postgresql://vafa:{self.password}@127.0.0.1:{self.port}/{database}"

    def make_database(self, template: str = "template0") -> str:
        """Create a database as the template is, an empty one unless it says otherwise; its `DATABASE_URL`."""
        names = sql.Identifier(name := f"vafa_{secrets.token_hex(6)}"), sql.Identifier(template)
        with psycopg.connect(self.get_url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return self.get_url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database that `make_database` made, closing whatever is still connected to it."""
        name = sql.Identifier(url.rsplit("/", 1)[1])
        with psycopg.connect(self.get_url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def find_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server's programs, or None."""
    homes = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if homes:
        return max(homes, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    return None


@contextmanager
def run_cluster(binaries: Path) -> Iterator[PostgresCluster]:
    """Make a cluster in a temporary folder, run it while the block runs, and remove it.

    PostgreSQL refuses to run as root, so root runs it as `postgres` (or `nobody`).
    """
    owner = find_owner()
    folder = Path(tempfile.mkdtemp(prefix="vafa-pg-", dir="/tmp"))
    try:
        password = secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        for path in (folder, secret):
            if owner:
                os.chown(path, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        run_as(owner, folder, [
            str(binaries / "initdb"), "--pgdata", str(data), "--username", "vafa", "--pwfile", str(secret),
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync",
        ])  # fmt: skip
        server, port = start_server(binaries, owner, folder, data, password)
        try:
            yield PostgresCluster(port, password)
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_owner() -> pwd.struct_passwd | None:
    """Whom root hands the cluster to; None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def run_as(owner: pwd.struct_passwd | None, folder: Path, command: list[str]) -> None:
    """Run a command to its end as `owner`; what it said is in the error when it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        check=False,
    )
    if done.returncode:
        raise PostgresDidNotStart(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def start_server(
    binaries: Path, owner: pwd.struct_passwd | None, folder: Path, data: Path, password: str
) -> tuple["subprocess.Popen[bytes]", int]:
    """Start the server on a free port. Another process may take the port first: then try another one."""
    log = folder / "server.log"
    for _ in range(5):
        port = find_free_port()
        settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *FAST]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(data), *(f"--{setting}" for setting in settings)],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
                start_new_session=True,  # Ctrl-C is for pytest, which then stops the server in good order
                preexec_fn=partial(end_with, os.getpid()),  # noqa: PLW1509 - no thread of ours runs yet
            )
        if wait_until_ready(server, PostgresCluster(port, password)):
            return server, port
        if "Address already in use" not in log.read_text(errors="replace"):
            break
    raise PostgresDidNotStart(log.read_text(errors="replace"))


def end_with(parent: int) -> None:
    """In the child: let the kernel end it when pytest is killed, so that no server is left behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
        if os.getppid() != parent:
            os._exit(1)


def wait_until_ready(server: "subprocess.Popen[bytes]", cluster: PostgresCluster) -> bool:
    """Whether the server answers before it ends or the time is up; a server that hangs is stopped."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None:
        try:
            psycopg.connect(cluster.get_url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                server.kill()
                server.wait()
            time.sleep(0.05)
        else:
            return True
    return False


def find_free_port() -> int:
    """A TCP port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """A PostgreSQL cluster for this test process, started when the first test asks for it."""
    binaries = find_binaries()
    if binaries is None:
        give_up("postgres", "no PostgreSQL server is installed (Debian: apt install postgresql)")
    with run_cluster(binaries) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_tables(postgres: PostgresCluster) -> str:
    """The name of a database with all tables and no rows, to make others from: the tables cost 5 seconds each time."""
    url = postgres.make_database()
    make_tables(Path(tempfile.gettempdir()), url)
    return url.rsplit("/", 1)[1]


@pytest.fixture
def postgres_url(postgres: PostgresCluster, postgres_tables: str) -> Iterator[str]:
    """The `DATABASE_URL` of a PostgreSQL database of this test's own, with all tables and no rows."""
    url = postgres.make_database(postgres_tables)
    yield url
    postgres.drop_database(url)
