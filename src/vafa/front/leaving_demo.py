"""Leaving the demo for an own business: the demo's pages ask for it, whoever supervises them does it."""

import json
import os
import secrets
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vafa.front.begin import put_begin_token
from vafa.kit import clock
from vafa.kit.home import get_home
from vafa.kit.permissions import Permission, open_to_anyone, requires
from vafa.kit.running import find_running

# Set for the demo's programs alone: the home of the business that comes after it.
REAL_HOME_VARIABLE = "VAFA_REAL_HOME"
REQUEST_FILE = "leave-demo.json"


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def leave_demo(_request: HttpRequest) -> HttpResponseBase:
    """Ask for the change, and lead to the page that waits for it."""
    real_home = os.environ.get(REAL_HOME_VARIABLE)
    if real_home is None:
        return redirect("home")
    if (running := find_running(Path(real_home))) and running.address:
        return redirect(running.address)
    token = secrets.token_urlsafe(24)
    put_begin_token(Path(real_home), token)
    asked = {"at": clock.now().isoformat()}
    (get_home() / REQUEST_FILE).write_text(json.dumps(asked))
    return redirect("demo_left", token=token)


@open_to_anyone("it only waits, and then leads to the first page of the own business, which checks its link")
@never_cache
def demo_left(request: HttpRequest, token: str) -> HttpResponseBase:
    """In the demo: wait. In the business that has come in its place: begin."""
    if REAL_HOME_VARIABLE in os.environ:
        return render(request, "front/demo_left.html")
    return redirect("begin_with_token", token=token)


demo_left.works_without_owner = True  # type: ignore[attr-defined]
