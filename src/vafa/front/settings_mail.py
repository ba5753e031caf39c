"""The mail server, trying it out, and what became of mails to staff."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.business.queries import get_business, get_style
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import format_number
from vafa.kit.mail import (
    MailNotHandedOver,
    MailNotSetUp,
    MailServer,
    StaffMail,
    build_html,
    count_mails,
    find_mail_server,
    forget_mail_server,
    list_troubled_mails,
    send_again,
    send_now,
    set_mail_server,
)
from vafa.kit.mail_erasing import ERASED
from vafa.kit.mail_outbox import NO_ACCESS, NOT_SET_UP
from vafa.kit.mail_server import Security
from vafa.kit.permissions import Permission, requires

if TYPE_CHECKING:
    from django.http import QueryDict

LAST_PORT = 65535
SECURITY_CHOICES = [
    ("starttls", gettext_lazy("Begin plain, then TLS (usual port 587)")),
    ("tls", gettext_lazy("TLS from the first byte (usual port 465)")),
    ("none", gettext_lazy("No encryption (only inside your own network)")),
]


class MailForm(forms.Form):
    """A mail server."""

    host = forms.CharField(label=gettext_lazy("Mail server"), max_length=253)
    port = forms.CharField(label=gettext_lazy("Port"), max_length=6, initial="587")
    security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY_CHOICES)
    username = forms.CharField(label=gettext_lazy("User name"), max_length=254, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("It is never shown again. Left empty, it stays as it was."),
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )
    sender_name = forms.CharField(label=gettext_lazy("Name of the sender"), max_length=150, required=False)
    sender_address = forms.EmailField(label=gettext_lazy("Address of the sender"), max_length=254)

    host.widget.attrs |= {"dir": "ltr", "autocomplete": "off"}
    username.widget.attrs |= {"dir": "ltr", "autocomplete": "off"}
    sender_address.widget.attrs |= {"dir": "ltr", "autocomplete": "off"}
    port.widget.attrs |= {"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}

    def clean_host(self) -> str:
        """A name or a number, without what surrounds it in an address."""
        host = str(self.cleaned_data["host"]).strip()
        if not host.isascii() or any(sign in host for sign in " /@?#"):
            raise forms.ValidationError(
                _("Only the server's name or number, such as %(example)s.") % {"example": "mail.example.com"}
            )
        return host

    def clean_port(self) -> int:
        """A whole number, in any digits."""
        text = to_latin_digits(str(self.cleaned_data["port"])).strip()
        if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
            raise forms.ValidationError(
                _("A whole number from %(least)s to %(most)s.") % {"least": 1, "most": LAST_PORT}
            )
        return int(text)

    def build_server(self) -> MailServer:
        """The server that was entered."""
        said = self.cleaned_data
        return MailServer(
            host=said["host"],
            port=said["port"],
            security=cast("Security", said["security"]),
            username=said["username"].strip(),
            password=said["password"],
            sender_name=said["sender_name"].strip(),
            sender_address=said["sender_address"],
        )


@requires(Permission.CHANGE_SETTINGS)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def settings_mail(request: HttpRequest) -> HttpResponseBase:
    """The server and the outbox; a POST enters a server."""
    server, problem = _find_server()
    form = _build_form(request.POST if request.method == "POST" else None, server)
    if request.method == "POST" and form.is_valid():
        entered = form.build_server()
        set_mail_server(entered, keep_password=not entered.password, by=request.user, now=clock.now())
        say_saved(request)
        return redirect("settings_mail")
    context = {
        "form": form,
        "server": server,
        "problem": problem,
        "from_environment": problem is not None or (server is not None and server.from_environment),
        "counts": _list_counts(),
        "mails": [_describe_mail(mail) for mail in list_troubled_mails()],
    }
    return show_settings(request, "settings_mail", context, failed=bool(form.errors))


def _find_server() -> tuple[MailServer | None, MailNotSetUp | None]:
    try:
        return find_mail_server(), None
    except MailNotSetUp as problem:
        return None, problem


def _build_form(sent: "QueryDict | None", server: MailServer | None) -> MailForm:
    names = ("host", "port", "security", "username", "sender_name", "sender_address")
    if server is not None and not server.from_environment:
        return MailForm(sent, initial={name: getattr(server, name) for name in names})
    return MailForm(sent, initial={"sender_name": get_business().name or "Vafa"})


def _list_counts() -> list[dict[str, str]]:
    style = get_style(get_language() or "en")
    counts = count_mails()
    return [
        {"title": title, "count": format_number(counts[state], style)}
        for state, title in _name_states().items()
        if counts.get(state)
    ]


def _name_states() -> dict[str, str]:
    return {
        "pending": _("Waiting"),
        "claimed": _("Being sent"),
        "sent": _("Sent"),
        "failed": _("Failed"),
        "unknown": _("Unknown: handed over, but the server's answer never came"),
    }


def _describe_mail(mail: StaffMail) -> dict[str, Any]:
    words = {
        NOT_SET_UP: _("No mail server is set up, so no mail can be sent."),
        NO_ACCESS: _("Whoever it is for has no access any more."),
        ERASED: _("It named a customer whose data were erased."),
    }
    return {
        "id": mail.pk,
        "created_at": mail.created_at,
        "address": mail.address,
        "subject": mail.subject,
        "state": _name_states()[mail.state],
        "answer": words.get(mail.answer),
        "server_answer": mail.answer if mail.answer not in words else "",
        "not_before": mail.not_before if mail.state == "pending" else None,
        "can_send": bool(mail.html),
    }


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def try_mail(request: HttpRequest) -> HttpResponseBase:
    """Send a message to oneself, and say what the server answered, word for word."""
    now, staff = clock.now(), request.user
    language = get_language() or "en"
    subject = _("A test message from Vafa")
    text = _("If you can read this, mail to staff works.")
    html = build_html(f'<p style="padding:24px;margin:0">{escape(text)}</p>', language, subject)
    key = f"try:{staff.pk}:{now.isoformat()}"
    try:
        answer = send_now(staff, subject, html, text, language, key=key, now=now)
    except MailNotSetUp as problem:
        messages.error(request, str(problem))
    except MailNotHandedOver as problem:
        messages.error(
            request,
            _("The message was not taken. The server answered: %(answer)s") % {"answer": problem.answer},
        )
    else:
        said = {"address": staff.email, "answer": answer}  # type: ignore[union-attr]
        messages.success(
            request, _("The message to %(address)s was taken. The server answered: %(answer)s") % said
        )
    return redirect("settings_mail")


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def forget_mail(request: HttpRequest) -> HttpResponseBase:
    """Forget the server that was entered."""
    forget_mail_server(by=request.user, now=clock.now())
    say_saved(request)
    return redirect("settings_mail")


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def send_mail_again(request: HttpRequest, mail_id: int) -> HttpResponseBase:
    """Send a mail that failed, or of which nobody knows whether it arrived, once more."""
    if not send_again(mail_id, by=request.user, now=clock.now()):
        raise Http404
    messages.success(request, _("It will be sent again within seconds."))
    return redirect("settings_mail")
