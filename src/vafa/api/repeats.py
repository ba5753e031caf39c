"""Requests that are sent again because their answer was lost: `Idempotency-Key`."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vafa.api.access import get_caller
from vafa.api.models import KeptAnswer
from vafa.api.problems import Refused
from vafa.kit import clock

HEADER = "Idempotency-Key"
LONGEST = 200
KEEP = timedelta(days=1)

Answer = tuple[int, Any]


def answer_once(request: HttpRequest, work: Callable[[], Answer]) -> Answer:
    """Do the work, and keep its answer together with what it wrote; or give the answer of the same request before.

    Raises Refused: 422 where the key came with another request.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        with transaction.atomic():
            return work()
    if len(key) > LONGEST:
        raise Refused(
            422, "key_too_long", _("An Idempotency-Key has at most %(most)s characters.") % {"most": LONGEST}
        )
    token, digest = get_caller(request).token, _build_digest(request)
    found = KeptAnswer.objects.filter(token=token, key=key).first()
    if found is None:
        try:
            with transaction.atomic():
                return _work_and_keep(token, key, digest, work)
        except IntegrityError:
            found = KeptAnswer.objects.filter(token=token, key=key).first()
            if found is None:
                raise
    if found.digest != digest:
        raise Refused(
            422,
            "key_used_otherwise",
            _("This Idempotency-Key came with another request before. Use a new one for each request."),
        )
    return found.status, found.answer


def _work_and_keep(token: Any, key: str, digest: str, work: Callable[[], Answer]) -> Answer:
    """The row comes first: whoever sends the same at the same time waits for it, and then finds the answer."""
    kept = KeptAnswer.objects.create(
        token=token, key=key, digest=digest, status=0, answer={}, answer_digest="", created_at=clock.now()
    )
    status, answer = work()
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True, default=str)
    kept.status, kept.answer = status, json.loads(text)
    kept.answer_digest = hashlib.sha256(text.encode()).hexdigest()
    kept.save(update_fields=["status", "answer", "answer_digest"])
    return status, answer


def _build_digest(request: HttpRequest) -> str:
    told = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(told).hexdigest()


def forget_old(now: datetime) -> None:
    """Forget the answers of more than a day ago."""
    KeptAnswer.objects.filter(created_at__lt=now - KEEP).delete()
