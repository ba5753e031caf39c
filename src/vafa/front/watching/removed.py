"""The target or mark that was removed last, kept with the session so that it can be put back."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.measure.watching.actions import add_mark, set_target
from vafa.measure.watching.queries import Mark
from vafa.measure.watching.types import Figure

_KEY = "removed_watched"


def note_target(request: HttpRequest, figure: Figure, value: float) -> None:
    """Remember a target that has been removed."""
    request.session[_KEY] = {"what": "target", "figure": vars(figure), "value": value}


def note_mark(request: HttpRequest, mark: Mark) -> None:
    """Remember a mark that has been removed."""
    days = [mark.start_on.isoformat(), mark.end_on.isoformat()]
    request.session[_KEY] = {"what": "mark", "title": mark.title, "days": days}


def tell_removed(request: HttpRequest) -> str:
    """What was just removed, in a sentence; "" where nothing was."""
    removed = request.session.get(_KEY) if "removed" in request.GET else None
    if removed is None:
        return ""
    return _("The target is removed.") if removed["what"] == "target" else _("The mark is removed.")


def put_back_removed(request: HttpRequest) -> bool:
    """Put it back as it was; False where nothing is left to put back, or it fits no more."""
    removed: dict[str, Any] | None = request.session.pop(_KEY, None)
    said: dict[str, Any] = {"by": request.user, "now": clock.now()}
    if removed is None:
        return False
    try:
        if removed["what"] == "target":
            set_target(Figure(**removed["figure"]), removed["value"], **said)
        else:
            start, end = map(date.fromisoformat, removed["days"])
            add_mark(removed["title"], start, end, **said)
    except VafaError:
        return False
    return True
