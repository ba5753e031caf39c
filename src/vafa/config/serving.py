"""The commands that serve: serve, worker, run. The demo has its own file."""

import os
import sys
from typing import Annotated

import typer

from vafa.config import web
from vafa.config.supervising import Program, Supervisor, end_softly, end_with_parent
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.home import get_home
from vafa.kit.running import (
    HeldHome,
    Running,
    RunsAlready,
    build_address,
    find_free_port,
    hold_home,
)
from vafa.kit.terminal import JsonOption, answer, open_command, say

DEFAULT_PORT = 8000
HostOption = Annotated[str, typer.Option("--host", help="The address to listen at.")]
PortOption = Annotated[
    int, typer.Option("--port", min=1, max=65535, help="The port, or the first free one after it.")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, max=64, help="Processes that answer requests.")
]
SupervisedOption = Annotated[bool, typer.Option("--supervised", hidden=True)]

OPERATOR = "it starts the pages, which check by themselves, for whoever may run programs here"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    from vafa.config import demo

    app.command("serve")(serve)
    app.command("worker")(work)
    app.command("run")(run)
    demo.register(app)


@open_command(OPERATOR)
def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = DEFAULT_PORT,
    workers: WorkersOption = 1,
    supervised: SupervisedOption = False,
    as_json: JsonOption = False,
) -> None:
    """Serve the pages. A worker beside it (`vafa worker`) does what takes longer; `vafa run` starts both."""
    if supervised:
        end_with_parent(end_softly)
        web.serve_pages(host, port, workers)
        return
    try:
        with hold_home(get_home()) as held:
            build_what_pages_need()
            bring_figures_up()
            port = choose_port(host, port)
            address = build_address(host, port)
            announce_when_up(held, address, as_json)
            warn_if_open(host)
            web.serve_pages(host, port, workers)
    except RunsAlready as other:
        tell_of_other(other.running, as_json)


@open_command(OPERATOR)
def work(supervised: SupervisedOption = False, as_json: JsonOption = False) -> None:
    """Do what the pages leave for later: imports, refreshing the figures, cleaning up."""
    from vafa.config.working import work as work_until_stopped

    if supervised:
        end_with_parent(end_softly)
    else:
        answer({"pid": os.getpid(), "home": get_home()}, as_json, "The worker works. Ctrl-C stops it.")
        sys.stdout.flush()
    work_until_stopped()


@open_command(OPERATOR)
def run(
    host: HostOption = "127.0.0.1",
    port: PortOption = DEFAULT_PORT,
    workers: WorkersOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Serve the pages and work in the background, all that one machine needs."""
    try:
        with hold_home(get_home()) as held:
            build_what_pages_need()
            bring_figures_up()
            port = choose_port(host, port)
            address = build_address(host, port)
            supervisor = Supervisor(say)
            announce_when_up(held, address, as_json)
            warn_if_open(host)
            supervisor.keep(build_programs(host, port, workers, dict(os.environ)))
            supervisor.run()
            say("Stopped")
    except RunsAlready as other:
        tell_of_other(other.running, as_json)


def build_programs(host: str, port: int, workers: int, environment: dict[str, str]) -> list[Program]:
    """The two programs of an installation."""
    listen = ["--host", host, "--port", str(port), "--workers", str(workers)]
    return [
        Program("web server", ["serve", "--supervised", *listen], environment),
        Program("worker", ["worker", "--supervised"], environment),
    ]


def build_what_pages_need() -> None:
    """Compile the messages and build the front end, where they are older than their sources."""
    from vafa.config.frontend import DIST, FrontendBuildFailed, ensure_frontend
    from vafa.config.messages import ensure_messages

    ensure_messages()
    try:
        ensure_frontend(say)
    except FrontendBuildFailed as problem:
        if (DIST / "app.css").exists():
            say(f"{problem}\nGoing on with the front end as it was built before.")
            return
        raise VafaError(str(problem), code=problem.code) from problem


def bring_figures_up() -> None:
    """Build the figures before the first page is asked for, where this version can't read those it finds.

    Pages would say that nobody is here, until the worker has been round. What is merely old is left to it.
    """
    from vafa.data.log.queries import get_last_number
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.queries import has_copy

    if has_copy() or not get_last_number():
        return
    say("Building the figures anew; a large installation takes a minute or two")
    refresh(now=clock.now())


def choose_port(host: str, wanted: int) -> int:
    """The port to listen at; a taken one gives way to the next free one, and that is said."""
    try:
        port = find_free_port(host, wanted)
    except OSError as error:
        raise VafaError(
            f"Can't listen at {host}, port {wanted}: {error.strerror or error}.",
            "Name another with --host and --port.",
            code="cannot_listen",
        ) from error
    if port != wanted:
        say(f"Port {wanted} is taken; using {port}")
    return port


def announce_when_up(held: HeldHome, address: str, as_json: bool) -> None:
    """As soon as the pages answer, print their address, and the link by which the owner begins."""
    from vafa.data.staff.queries import has_owner
    from vafa.front.begin import get_begin_token

    begin = "" if has_owner() else f"{address}/begin/{get_begin_token(get_home())}/"

    def announce() -> None:
        held.tell(address)
        text = f"Vafa is at {address}" + (f"\nBegin here, once: {begin}" if begin else "")
        answer({"address": address, "begin": begin or None, "pid": os.getpid()}, as_json, text)
        sys.stdout.flush()
        say("Ctrl-C stops it.")

    web.when_up(address, announce)


def warn_if_open(host: str) -> None:
    """Say what is missing when others are meant to reach this machine."""
    if host in ("127.0.0.1", "localhost", "::1"):
        return
    if not os.environ.get("VAFA_HOSTS"):
        say(f"Others must be let in by name: set VAFA_HOSTS (for instance VAFA_HOSTS={web.get_host_name()}).")
    if os.environ.get("VAFA_TLS") != "1":
        say("Passwords travel unencrypted. Put a web server with TLS in front and set VAFA_TLS=1.")


def tell_of_other(running: Running, as_json: bool) -> None:
    """Two starts do no harm: the second says where the first is."""
    text = f"Vafa runs already at {running.address or 'an address it has not settled yet'}"
    answer(
        {"address": running.address or None, "begin": None, "pid": running.pid, "already": True},
        as_json,
        text,
    )
