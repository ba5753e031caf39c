"""Whoever's role needs a second step sets one up before any other page opens."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from vafa.data.staff.queries import needs_second_step


class SecondStepMiddleware:
    """Leads to the page of the second step where one is missing. The pages that set one up say so themselves by
    `works_without_second_step`; those open to anyone show nothing of the business."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Turn the request around where the second step is missing."""
        guarded = getattr(view, "permission", None) is not None or getattr(view, "needs_sign_in", False)
        if not guarded or getattr(view, "works_without_second_step", False):
            return None
        if not request.user.is_authenticated or not needs_second_step(request.user):
            return None
        return redirect("second_step")
