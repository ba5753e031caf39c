"""Who a customer is: shown, and changed in place; contact points, the photo, and the changes that can be undone."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.actions import (
    add_point,
    change_customer,
    change_point,
    prefer_point,
    remove_point,
    set_photo,
    undo_field_change,
)
from vafa.data.customers.queries import (
    count_people_of_company,
    find_field_change,
    find_photo_type,
    find_point,
    get_photo_path,
    get_profile,
    list_contact_points,
    list_definitions,
    list_field_changes,
    list_ids_of,
    list_keys_of,
)
from vafa.data.customers.types import ChangedMeanwhile
from vafa.data.staff.queries import list_staff
from vafa.front.choices import list_language_choices
from vafa.front.customer.change_texts import describe_change, name_own_value
from vafa.front.customer.parts import SeeOther, get_customer_or_404, render_part
from vafa.front.customer.who_form import WhoForm, build_initial, list_channels, read_seen, write_seen
from vafa.front.overview.viewer import get_owner_id
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_day, format_number
from vafa.kit.permissions import Permission, may, requires

if TYPE_CHECKING:
    from vafa.data.customers.models import Customer

CHANGES_SHOWN = 100
MOST_PHOTO = 2 * 1024 * 1024


def build_who(request: HttpRequest, customer: "Customer", style: Style) -> dict[str, Any]:
    """What the template of this card needs."""
    ids, profile = list_ids_of(customer.pk), get_profile(customer.pk)
    definitions = list_definitions()
    defined = {row.name for row in list_definitions(archived=True)}
    own = [
        (row.name, name_own_value(row, str(customer.custom[row.name]), style), row.type)
        for row in definitions
        if customer.custom.get(row.name)
    ]
    own += [(name, value, "text") for name, value in sorted(customer.custom.items()) if name not in defined]
    owner_id = get_owner_id(request.user, get_business())
    return {
        "keys": list_keys_of(customer.pk),
        "points": list_contact_points(ids),
        "birthday": format_day(customer.birthday, style) if customer.birthday else None,
        "joined_on": format_day(customer.joined_on, style) if customer.joined_on else None,
        "fields": own,
        "profile": profile,
        "channel": dict(list_channels()).get(profile.channel, ""),
        "language": dict(list_language_choices()).get(profile.language, ""),
        "people": _count_people(customer.company, owner_id, style) if customer.company else "",
        "initials": _find_initials(customer.name or customer.company),
        "may_edit": may(request.user, Permission.EDIT_CUSTOMERS),
    }


def _count_people(company: str, owner_id: int | None, style: Style) -> str:
    count = count_people_of_company(company, owner_id=owner_id)
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": format_number(count, style)}


def _find_initials(name: str) -> str:
    """The first letters of the first and the last word, kept apart where letters would join."""
    words = name.split()
    return "\u200c".join(word[0] for word in dict.fromkeys([words[0], words[-1]])) if words else ""


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def who(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/who/`: the card alone, as it stands when a change is given up."""
    customer = get_customer_or_404(request, customer_id)
    return render_part(
        request, customer, "customers/who.html", {"who": build_who(request, customer, _get_style())}
    )


@requires(Permission.EDIT_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_who(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/edit/`: the card as a form; a POST changes what differs."""
    customer = get_customer_or_404(request, customer_id)
    business, style, definitions = get_business(), _get_style(), list_definitions()
    form = WhoForm(
        request.POST if request.method == "POST" else None,
        initial=build_initial(customer, get_profile(customer.pk), definitions, style),
        style=style,
        region=business.phone_region or business.country,
        today=clock.today(business.zone),
        definitions=definitions,
        staff=[one for one in list_staff() if one.is_active or one.pk == customer.owner_id]
        if may(request.user, Permission.ASSIGN_CUSTOMERS)
        else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_customer(
                customer.pk,
                form.build_changes(),
                by=request.user,
                now=clock.now(),
                language=business.language,
                seen=read_seen(request.POST.get("seen", "")),
            )
        except ChangedMeanwhile as problem:
            form.show_newer(problem)
        else:
            if changed:
                messages.success(request, _("Saved."))
            return SeeOther(_get_file(customer))
    # A form that is shown again without having clashed still compares with what was seen first.
    clashed = request.method != "POST" or form.has_clashed or not request.POST.get("seen")
    seen = write_seen(customer, form) if clashed else request.POST["seen"]
    return render_part(
        request,
        customer,
        "customers/edit_who.html",
        {"form": form, "seen": seen},
        status=422 if form.errors else 200,
    )


@requires(Permission.EDIT_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/points/`: the ways to reach somebody; a POST adds, changes, removes or prefers one (`do`)."""
    customer = get_customer_or_404(request, customer_id)
    problem, status = None, 200
    if request.method == "POST":
        try:
            _change_points(request, customer)
        except VafaError as error:
            problem, status = str(error), 422
        else:
            messages.success(request, _("Saved."))
            return SeeOther(_get_file(customer))
    context = {
        "points": list_contact_points(list_ids_of(customer.pk)),
        "problem": problem,
        "typed": request.POST.get("value", "") if problem else "",
        "kind": request.POST.get("kind", "phone"),
        "point_id": request.POST.get("point", ""),
    }
    return render_part(request, customer, "customers/points.html", context, status=status)


def _change_points(request: HttpRequest, customer: "Customer") -> None:
    business, now, staff = get_business(), clock.now(), request.user
    region, value = business.phone_region or business.country, request.POST.get("value", "")
    what = request.POST.get("do", "add")
    if what == "add":
        add_point(customer.pk, request.POST.get("kind", ""), value, region=region, by=staff, now=now)
        return
    number = read_id(request.POST.get("point", ""))
    point = find_point(number) if number is not None else None
    if point is None or point.customer_id not in list_ids_of(customer.pk):
        raise Http404
    if what == "change":
        change_point(point.pk, value, region=region, by=staff, now=now)
    elif what == "remove":
        remove_point(point.pk, by=staff, now=now)
    elif what == "prefer":
        prefer_point(point.pk, by=staff, now=now)
    else:
        raise Http404


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def photo(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/photo/`: the picture."""
    customer = get_customer_or_404(request, customer_id)
    name = get_profile(customer.pk).photo
    try:
        content = get_photo_path(name).read_bytes() if name else b""
    except FileNotFoundError:
        content = b""
    kind = find_photo_type(content)
    if kind is None:
        raise Http404
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def change_photo(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """Set the photo, or take it away where none is sent."""
    customer = get_customer_or_404(request, customer_id)
    sent = request.FILES.get("photo")
    try:
        # One byte more than may be: then it is refused without being read whole.
        content = sent.read(MOST_PHOTO + 1) if sent is not None else None
        set_photo(customer.pk, content, by=request.user, now=clock.now())
    except VafaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return SeeOther(_get_file(customer))


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def changes(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/changes/`: what people changed of this customer, before and after, the newest first."""
    customer = get_customer_or_404(request, customer_id)
    style = _get_style()
    rows = list_field_changes(list_ids_of(customer.pk), CHANGES_SHOWN)
    definitions = {row.name: row for row in list_definitions(archived=True)}
    context = {
        "changes": [describe_change(row, definitions, style) for row in rows],
        "may_undo": may(request.user, Permission.EDIT_CUSTOMERS),
    }
    return render_part(request, customer, "customers/changes.html", context)


@requires(Permission.EDIT_CUSTOMERS)
@require_POST
def undo_change(request: HttpRequest, customer_id: int, change_id: int) -> HttpResponseBase:
    """Put one field back as it was."""
    customer = get_customer_or_404(request, customer_id)
    change = find_field_change(change_id)
    if change is None or change.customer_id not in list_ids_of(customer.pk):
        raise Http404
    if change.field == "owner" and not may(request.user, Permission.ASSIGN_CUSTOMERS):
        raise Http404
    try:
        undo_field_change(change_id, by=request.user, now=clock.now(), language=get_business().language)
    except VafaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is as it was before."))
    return SeeOther(reverse("customer_changes", args=[customer.pk]))


def _get_style() -> Style:
    return get_style(translation.get_language() or "en", get_business())


def _get_file(customer: "Customer") -> str:
    return f"{reverse('customer', args=[customer.pk])}#who-title"
