"""How one is reminded: the page after signing in, the mail of the day, the address for calendar programs."""

from datetime import time
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vafa.act.followups.actions import make_feed, revoke_feed, save_reminding
from vafa.act.followups.queries import get_reminding
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.followups.words import write_time
from vafa.kit import clock
from vafa.kit.locale.formats import format_moment
from vafa.kit.mail import is_mail_set_up
from vafa.kit.permissions import Permission, requires

FEED = "calendar_secret"


class RemindingForm(forms.Form):
    """The start page and the hour of the mail."""

    start_page = forms.ChoiceField(label=gettext_lazy("Page after signing in"), required=False)
    digest_at = forms.ChoiceField(
        label=gettext_lazy("Mail of what is to be done, each day at"), required=False
    )

    def __init__(self, *args: Any, eyes: Eyes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["start_page"]).choices = [
            ("", _("As usual for the role")),
            ("today", _("Today")),
            ("overview", _("Overview")),
        ]
        hours = [(f"{hour:02}:00", write_time(time(hour), eyes.style)) for hour in range(24)]
        cast("forms.ChoiceField", self.fields["digest_at"]).choices = [("", _("No mail")), *hours]
        self.fields["digest_at"].help_text = _("Nothing is sent on days on which nothing is to be done.")


@requires(Permission.WORK_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest) -> HttpResponseBase:
    """`/today/reminders/`: a POST says with `do` what: save, or make or revoke the calendar's address."""
    eyes, what = open_eyes(request), request.POST.get("do", "")
    kept = get_reminding(request.user)
    start = {
        "start_page": kept.start_page,
        "digest_at": f"{kept.digest_at:%H}:00" if kept.digest_at else "",
    }
    form = RemindingForm(request.POST if what == "save" else None, initial=start, eyes=eyes)
    if request.method == "POST" and _act(request, form, what):
        return redirect("reminders")
    secret = request.session.pop(FEED, "")
    context = {
        "form": form,
        "mail_is_missing": not is_mail_set_up(),
        "feed_made": format_moment(kept.feed_made_at, eyes.zone, eyes.style) if kept.feed_digest else "",
        "feed_url": request.build_absolute_uri(reverse("calendar", args=[secret])) if secret else "",
    }
    return render(request, "followups/reminders.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, form: RemindingForm, what: str) -> bool:
    now = clock.now()
    if what == "save":
        if not form.is_valid():
            return False
        at = form.cleaned_data["digest_at"]
        save_reminding(
            request.user,
            start_page=form.cleaned_data["start_page"],
            digest_at=time(int(at[:2])) if at else None,
            now=now,
        )
        messages.success(request, _("Saved."))
    elif what == "make":
        request.session[FEED] = make_feed(request.user, now=now)
    elif what == "revoke":
        revoke_feed(request.user, now=now)
        messages.success(request, _("The address opens nothing any more."))
    else:
        raise Http404
    return True
