"""A parent that keeps its programs alive, and leaves none behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

LONGEST_PAUSE_SECONDS = 30
STEADY_AFTER_SECONDS = 60
STOP_PATIENCE_SECONDS = 15
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """A command of Vafa to be kept running: its name for people, its arguments, its environment."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    failures: int = 0
    start_after: float = 0


@dataclass
class Supervisor:
    """Keeps programs running. `say` is told of each death; `look` is called several times a second."""

    say: Callable[[str], None]
    look: Callable[[], None] = lambda: None
    stopping: bool = False
    _children: list[_Child] = field(default_factory=list)

    def keep(self, programs: Sequence[Program]) -> None:
        """Run these programs instead of those that ran before."""
        self.stop_programs()
        self._children = [_Child(program) for program in programs]

    def run(self) -> None:
        """Watch over the programs until told to stop by a signal, then stop them all."""
        before = {number: signal.signal(number, self._hear) for number in STOP_SIGNALS}
        try:
            while not self.stopping:
                for child in self._children:
                    self._mind(child)
                self.look()
                time.sleep(0.2)
        finally:
            self.stop_programs()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _mind(self, child: _Child) -> None:
        """Start a child that doesn't run, unless it has died so often that it must wait a while."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_after:
                child.process, child.started = start_program(child.program), now
            return
        status = child.process.poll()
        if status is None:
            return
        child.failures = 0 if now - child.started > STEADY_AFTER_SECONDS else child.failures + 1
        pause = min(2.0**child.failures / 2, LONGEST_PAUSE_SECONDS)
        self.say(f"The {child.program.name} ended with status {status}; starting it again in {pause:.0f} s")
        child.process, child.start_after = None, now + pause

    def stop_programs(self) -> None:
        """Ask every program to end, and after a while make it."""
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_PATIENCE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._children = []


def start_program(program: Program) -> "subprocess.Popen[bytes]":
    """Start a command of Vafa as a child. It gets a session of its own, so that Ctrl-C reaches only the
    parent, which then stops its children in order."""
    return subprocess.Popen(
        [sys.executable, "-m", "vafa.config.command", *program.arguments],
        env=dict(program.environment),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end_with_parent(end: Callable[[], None]) -> None:
    """Call `end` soon after this process has lost its parent: even a killed parent leaves no orphan."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        end()

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def end_softly() -> None:
    """Ask this very process to stop, as a signal from outside would."""
    os.kill(os.getpid(), signal.SIGTERM)
