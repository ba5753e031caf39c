"""The command `vafa demo`: a made-up business in a home of its own, and the way out of it."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

import typer

from vafa.config import web
from vafa.config.serving import (
    DEFAULT_PORT,
    OPERATOR,
    HostOption,
    PortOption,
    announce_when_up,
    build_programs,
    build_what_pages_need,
    choose_port,
    tell_of_other,
)
from vafa.config.supervising import Supervisor
from vafa.front.demo.staff import SignIn, read_sign_ins
from vafa.front.leaving_demo import REAL_HOME_VARIABLE, REQUEST_FILE
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.home import get_demo_home, get_home
from vafa.kit.permissions import Permission
from vafa.kit.running import HeldHome, RunsAlready, build_address, hold_home
from vafa.kit.terminal import JsonOption, answer, needs, open_command, say

# The browser first fetches the page that waits, from the server that is about to stop.
LEAVE_AFTER_SECONDS = 2.0


def register(app: typer.Typer) -> None:
    """Add the command, and the hidden one that it calls inside the demo's home."""
    app.command("demo")(demo)
    app.command("make-demo", hidden=True)(make_demo_here)


@open_command(OPERATOR)
def demo(
    host: HostOption = "127.0.0.1", port: PortOption = DEFAULT_PORT, as_json: JsonOption = False
) -> None:
    """Look around in a made-up business: some thousand customers with three years of orders."""
    home = get_demo_home()
    try:
        with ExitStack() as held_homes:
            held = held_homes.enter_context(hold_home(home))
            build_what_pages_need()
            prepare_demo(home)
            port = choose_port(host, port)
            announce_demo(held, home, build_address(host, port), as_json)
            DemoRun(home, host, port, held_homes).run()
            say("Stopped")
    except RunsAlready as other:
        tell_of_other(other.running, as_json)
        say(describe_sign_ins(read_sign_ins(home)))


@needs(Permission.MANAGE_STAFF)
def make_demo_here() -> None:
    """Fill this home with the demo business, once, and give it an owner and staff."""
    from vafa.front.demo.making import make_demo

    make_demo(say=say, now=clock.now())


def prepare_demo(home: Path) -> None:
    """Make the demo business, or find it made; in a process of its own, whose home is the demo's."""
    done = subprocess.run(
        [sys.executable, "-m", "vafa.config.command", "make-demo"],
        env=build_demo_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode:
        raise VafaError("The demo business could not be made; the reason is above.", code="demo_failed")


def build_demo_environment(home: Path) -> dict[str, str]:
    """The environment of the demo's programs. The records of a real business, wherever they are, stay out."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {"VAFA_HOME": str(home), REAL_HOME_VARIABLE: str(get_home())}


def announce_demo(held: HeldHome, home: Path, address: str, as_json: bool) -> None:
    """As soon as the pages answer, print their address and the sign-in."""
    sign_ins = read_sign_ins(home)

    def announce() -> None:
        held.tell(address)
        text = f"The demo is at {address}\n{describe_sign_ins(sign_ins)}"
        staff = [asdict(sign_in) for sign_in in sign_ins]
        owner = {name: value for name, value in staff[0].items() if name != "role"} if staff else {}
        answer({"address": address, **owner, "staff": staff, "pid": os.getpid()}, as_json, text)
        sys.stdout.flush()
        say("Your own business: the button on top of each page, or the command vafa run. Ctrl-C stops it.")

    web.when_up(address, announce)


def describe_sign_ins(sign_ins: list[SignIn]) -> str:
    """The demo's sign-ins in words, the owner's first."""
    if not sign_ins:
        return "Its sign-in is not made yet."
    owner, *others = sign_ins
    lines = [f"Sign in as {owner.email} with the password {owner.password}"]
    lines += [f"  or as {other.role}: {other.email}, {other.password}" for other in others]
    return "\n".join(lines)


@dataclass
class DemoRun:
    """The demo's programs, until they are stopped or give way to the own business."""

    home: Path
    host: str
    port: int
    held_homes: ExitStack
    left: bool = False
    asked: float | None = None
    supervisor: Supervisor = field(init=False)

    def run(self) -> None:
        """Run until stopped by a signal."""
        self.request.unlink(missing_ok=True)
        self.supervisor = Supervisor(say, look=self._look)
        self.supervisor.keep(build_programs(self.host, self.port, 1, build_demo_environment(self.home)))
        self.supervisor.run()

    @property
    def request(self) -> Path:
        """The file by which the demo's pages ask to be left."""
        return self.home / REQUEST_FILE

    def _look(self) -> None:
        if self.left or not self.request.exists():
            return
        self.asked = self.asked or time.monotonic()
        if time.monotonic() - self.asked > LEAVE_AFTER_SECONDS:
            self.request.unlink()
            self._open_own_business()

    def _open_own_business(self) -> None:
        self.left = True
        try:
            held = self.held_homes.enter_context(hold_home(get_home()))
        except RunsAlready as other:
            say(f"Your own business runs already at {other.running.address}; the demo stops")
            self.supervisor.stopping = True
            return
        say("Leaving the demo. Next time: vafa run")
        self.supervisor.keep(build_programs(self.host, self.port, 1, dict(os.environ)))
        announce_when_up(held, build_address(self.host, self.port), as_json=False)
