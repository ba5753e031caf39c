"""Where what is being done comes from: noted around each request, read by the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The network address of whoever asks, and the browser or program in a few words."""

    address: str | None = None
    device: str = ""


NOWHERE = Origin()
_present: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def get_origin() -> Origin:
    """Where the present request comes from; NOWHERE outside of one (a command, the worker)."""
    return _present.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Note where everything inside comes from."""
    token = _present.set(origin)
    try:
        yield
    finally:
        _present.reset(token)
