"""A renewal, a payment or a visit entered by hand in two fields, on the customer file and from the page of the day; all
can be taken back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vafa.data.customers.queries import list_ids_of
from vafa.data.interactions.actions import write_down
from vafa.data.interactions.types import Entry
from vafa.data.orders.actions import enter_payment, take_back_payment
from vafa.data.orders.queries import list_entered_payments
from vafa.data.subscriptions.actions import enter_renewal, take_back_renewal
from vafa.data.subscriptions.queries import list_entered_renewals, propose_renewal
from vafa.front.customer.parts import get_customer_or_404, is_fragment, render_part
from vafa.front.date_field import DayField
from vafa.front.followups.acting import read_next
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.number_field import NumberField
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import format_day, format_money
from vafa.kit.permissions import Permission, may, requires
from vafa.lab.calendars import CalendarName

KINDS = ("renewal", "payment", "visit")


@dataclass(frozen=True)
class Entered:
    """Something that was entered by hand, in words; `key` takes it back."""

    what: str
    key: str
    text: str


class RenewalForm(forms.Form):
    """The last day, and the price."""

    def __init__(self, *args: Any, eyes: Eyes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = cast("CalendarName", eyes.business.calendar)
        self.fields["last_day"] = DayField(label=_("Renewed until (last day)"), calendar=calendar)
        self.fields["amount"] = NumberField(label=_("Price"), required=False)


class PaymentForm(forms.Form):
    """How much, and when."""

    def __init__(self, *args: Any, eyes: Eyes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = cast("CalendarName", eyes.business.calendar)
        self.fields["amount"] = NumberField(label=_("Amount"))
        self.fields["day"] = DayField(label=_("Day"), calendar=calendar)


class VisitForm(forms.Form):
    """When, and what was said."""

    def __init__(self, *args: Any, eyes: Eyes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = cast("CalendarName", eyes.business.calendar)
        self.fields["day"] = DayField(label=_("Day"), calendar=calendar)
        self.fields["text"] = forms.CharField(label=_("What was said"), max_length=2000, required=False)
        self.fields["text"].widget.attrs |= {"dir": "auto", "autocomplete": "off"}


@requires(Permission.WRITE_NOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/by-hand/`: the forms; a POST enters what `do` names, or takes `key` back."""
    customer = get_customer_or_404(request, customer_id)
    eyes, what = open_eyes(request), request.POST.get("do", "")
    forms_of = _build_forms(request, customer.pk, eyes, what)
    entered = True
    if request.method == "POST":
        if what in KINDS:
            entered = _enter(request, what, forms_of[what], customer.pk, eyes)
        elif what.startswith("back_"):
            _take_back(request, what.removeprefix("back_"), customer.pk)
        else:
            raise Http404
        if entered and not is_fragment(request):
            usual = f"{reverse('customer', args=[customer.pk])}#part-by_hand"
            return redirect(read_next(request, usual))
        if entered:
            forms_of = _build_forms(request, customer.pk, eyes, "")
    may_sell = may(request.user, Permission.EDIT_CUSTOMERS)
    context = {
        "forms": [
            {
                "do": kind,
                "title": _name(kind),
                "form": form,
                "is_open": (kind == what and not entered) or (kind == "renewal" and "next" in request.GET),
            }
            for kind, form in forms_of.items()
            if kind == "visit" or may_sell
        ],
        "entered": _list_entered(customer.pk, eyes) if may_sell else [],
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render_part(request, customer, "today/by_hand.html", context, status=200 if entered else 422)


def _name(kind: str) -> str:
    return {"renewal": _("Renewal"), "payment": _("Payment"), "visit": _("Visit")}[kind]


def _build_forms(request: HttpRequest, customer_id: int, eyes: Eyes, what: str) -> dict[str, forms.Form]:
    today = eyes.moment.today
    proposed = propose_renewal(customer_id, today)
    renewal: dict[str, Any] = {}
    if proposed is not None:
        renewal = {"last_day": proposed.last_day, "amount": _write_amount(proposed.amount)}
    posted = {kind: request.POST if kind == what else None for kind in KINDS}
    return {
        "renewal": RenewalForm(posted["renewal"], initial=renewal, eyes=eyes, auto_id="renewal_%s"),
        "payment": PaymentForm(posted["payment"], initial={"day": today}, eyes=eyes, auto_id="payment_%s"),
        "visit": VisitForm(posted["visit"], initial={"day": today}, eyes=eyes, auto_id="visit_%s"),
    }


def _write_amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _enter(request: HttpRequest, what: str, form: forms.Form, customer_id: int, eyes: Eyes) -> bool:
    """Enter it; False where it can't be so, which the form then tells."""
    if what != "visit" and not may(request.user, Permission.EDIT_CUSTOMERS):
        raise PermissionDenied(Permission.EDIT_CUSTOMERS)
    if not form.is_valid():
        return False
    said, by, now, today = form.cleaned_data, request.user, clock.now(), eyes.moment.today
    try:
        if what == "renewal":
            enter_renewal(customer_id, said["last_day"], said["amount"], by=by, now=now, today=today)
        elif what == "payment":
            enter_payment(customer_id, said["amount"], said["day"], by=by, now=now, today=today)
        else:
            at = now if said["day"] == today else None
            text = said["text"].strip()
            outcome = "" if text else _("Was here")
            write_down(customer_id, Entry("visit", said["day"], at, text, outcome=outcome), by=by, now=now)
    except VafaError as problem:
        field = getattr(problem, "field", "") or problem.details.get("field", "")
        form.add_error(field if field in form.fields else None, str(problem))
        return False
    messages.success(request, _("Entered. It can be taken back on the customer file."))
    return True


def _take_back(request: HttpRequest, what: str, customer_id: int) -> None:
    if not may(request.user, Permission.EDIT_CUSTOMERS):
        raise PermissionDenied(Permission.EDIT_CUSTOMERS)
    take = {"renewal": take_back_renewal, "payment": take_back_payment}.get(what)
    if take is None:
        raise Http404
    if take(request.POST.get("key", ""), list_ids_of(customer_id), by=request.user, now=clock.now()):
        messages.success(request, _("It is as it was."))


def _list_entered(customer_id: int, eyes: Eyes) -> list[Entered]:
    """The last renewals and payments that were entered by hand."""
    ids, style = list_ids_of(customer_id), eyes.style
    renewals = [
        Entered(
            "renewal",
            row.key,
            _("Renewal from %(day)s: %(amount)s")
            % {
                "day": format_day(row.started_on, style),
                "amount": format_money(row.amount, row.currency or style.currency, style),
            },
        )
        for row in list_entered_renewals(ids)
    ]
    payments = [
        Entered(
            "payment",
            row.order_key,
            _("Payment of %(day)s: %(amount)s")
            % {
                "day": format_day(row.day, style),
                "amount": format_money(row.amount, row.currency or style.currency, style),
            },
        )
        for row in list_entered_payments(ids)
    ]
    return [*renewals, *payments]
