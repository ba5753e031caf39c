"""Rules of contact: whom somebody should be in touch with, and at least how often."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.followups.actions import move_rule, remove_rule, save_rule, switch_rule
from vafa.act.followups.queries import ContactRule, find_rule, list_assignable, list_outlooks, list_rules
from vafa.act.followups.types import RuleOutlook, RuleTold, RuleUnusable, TaskUnusable
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.followups.words import list_priority_choices, name_priority
from vafa.front.overview.pickers import list_segment_options
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import format_day, format_days, format_number
from vafa.kit.permissions import Permission, requires
from vafa.measure.segments.queries import get_segment_name
from vafa.warehouse.queries import open_snapshot


class RuleForm(forms.Form):
    """A rule of contact."""

    name = forms.CharField(label=gettext_lazy("Name of the rule"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(option.value, option.title) for option in list_segment_options(None) if option.value]
        self.fields["segment"] = forms.ChoiceField(
            label=_("For whom"), choices=[("", _("All active customers")), *options], required=False
        )
        self.fields["gap_days"] = self._add_number(_("In touch at least every so many days"))
        self.fields["title"] = forms.CharField(label=_("What is to be done"), max_length=300)
        self.fields["most_a_day"] = self._add_number(_("At most so many new tasks a day"))
        self.fields["priority"] = forms.ChoiceField(label=_("Priority"), choices=list_priority_choices())
        people = [("", _("Nobody yet")), *((str(one.pk), str(one)) for one in list_assignable())]
        self.fields["assignee"] = forms.ChoiceField(
            label=_("Who does it where nobody looks after the customer"), choices=people, required=False
        )
        self.fields["catches_up"] = forms.BooleanField(
            label=_("Tasks also for those who are late already when the rule is switched on"),
            required=False,
            help_text=_("Spread over days by the most of a day. Without it they wait for the next contact."),
        )
        for name in ("name", "title"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def _add_number(self, label: str) -> forms.CharField:
        field = forms.CharField(label=label, max_length=6)
        field.widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "size": "6", "autocomplete": "off"}
        return field

    def clean_gap_days(self) -> int:
        """The days between two contacts."""
        return self._read("gap_days")

    def clean_most_a_day(self) -> int:
        """How many tasks a day at most."""
        return self._read("most_a_day")

    def _read(self, name: str) -> int:
        text = to_latin_digits(self.cleaned_data[name]).strip()
        if text.isascii() and text.isdigit():
            return int(text)
        raise forms.ValidationError(_("Give a whole number."))

    def build_told(self) -> RuleTold:
        """The rule as it was told."""
        said = self.cleaned_data
        return RuleTold(
            name=said["name"],
            segment=said["segment"],
            gap_days=said["gap_days"],
            title=said["title"],
            assignee_id=int(said["assignee"]) if said["assignee"] else None,
            priority=int(said["priority"]),
            most_a_day=said["most_a_day"],
            catches_up=said["catches_up"],
        )


@requires(Permission.EDIT_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_rules(request: HttpRequest) -> HttpResponseBase:
    """`/tasks/rules/?change=<id>`: the rules in their order, how each stands, and the form of one."""
    eyes = open_eyes(request)
    changing = find_rule(int(request.GET["change"])) if request.GET.get("change", "").isdecimal() else None
    form = RuleForm(request.POST if request.method == "POST" else None, initial=_build_initial(changing))
    if request.method == "POST" and form.is_valid() and _save(request, form, changing):
        messages.success(request, _("Saved."))
        return redirect("contact_rules")
    rules = list_rules()
    outlooks = list_outlooks(rules, open_snapshot(), eyes.moment.today)
    context = {
        "rows": [_build_row(rule, outlooks[rule.pk], eyes) for rule in rules],
        "form": form,
        "changing": changing,
        "removed": find_rule(request.session.pop("removed_rule", 0)),
    }
    return render(request, "followups/rules.html", context, status=422 if form.errors else 200)


def _build_initial(rule: ContactRule | None) -> dict[str, Any]:
    if rule is None:
        return {"gap_days": "30", "most_a_day": "20", "priority": "2", "title": _("Get in touch")}
    names = ("name", "segment", "gap_days", "title", "most_a_day", "priority", "catches_up")
    return {name: getattr(rule, name) for name in names} | {"assignee": str(rule.assignee_id or "")}


def _save(request: HttpRequest, form: RuleForm, changing: ContactRule | None) -> bool:
    rule_id = None if changing is None else changing.pk
    try:
        save_rule(form.build_told(), rule_id, by=request.user, now=clock.now())
    except (RuleUnusable, TaskUnusable) as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return False
    return True


def _build_row(rule: ContactRule, outlook: RuleOutlook, eyes: Eyes) -> dict[str, Any]:
    return {
        "id": rule.pk,
        "name": rule.name,
        "title": rule.title,
        "segment": _name_segment(rule.segment),
        "gap": format_days(rule.gap_days, eyes.style),
        "is_on": rule.since is not None,
        "since": format_day(rule.since, eyes.style) if rule.since else "",
        "priority": name_priority(rule.priority),
        "most": format_number(rule.most_a_day, eyes.style),
        "members": format_number(outlook.members, eyes.style),
        "outlook": describe_outlook(rule, outlook, eyes),
    }


def describe_outlook(rule: ContactRule, outlook: RuleOutlook, eyes: Eyes) -> str:
    """How many are due by the rule, and how it deals with those who were late before."""
    if outlook.as_of is None:
        return _("No source tells of calls, visits, tickets or answers yet, so nobody can be due.")
    due = outlook.due + (outlook.late_before if rule.catches_up else 0)
    shown = {
        "due": format_number(due, eyes.style),
        "late": format_number(outlook.late_before, eyes.style),
        "day": format_day(outlook.as_of, eyes.style),
        "days": format_days(-(-due // rule.most_a_day), eyes.style),
    }
    said = ngettext(
        "%(due)s is due by the contacts known up to %(day)s.",
        "%(due)s are due by the contacts known up to %(day)s.",
        due,
    )
    parts = [said % shown]
    if due > rule.most_a_day:
        parts.append(_("Their tasks are spread over %(days)s.") % shown)
    if outlook.late_before and not rule.catches_up:
        parts.append(
            ngettext(
                "%(late)s who was late before gets none now.",
                "%(late)s who were late before get none now.",
                outlook.late_before,
            )
            % shown
        )
    return " ".join(parts)


def _name_segment(slug: str) -> str:
    if not slug:
        return _("All active customers")
    try:
        return get_segment_name(slug)
    except VafaError:
        return _("A segment that is gone")


@requires(Permission.EDIT_RULES)
@require_POST
def change_contact_rule(request: HttpRequest, rule_id: int) -> HttpResponseBase:
    """Switch a rule on or off, move it up or down, remove it or put it back: `do` says what."""
    if find_rule(rule_id) is None:
        raise Http404
    what, by, now = request.POST.get("do", ""), request.user, clock.now()
    if what in ("on", "off"):
        switch_rule(rule_id, on=what == "on", by=by, now=now)
    elif what in ("up", "down"):
        move_rule(rule_id, up=what == "up", by=by, now=now)
    elif what in ("remove", "put_back"):
        remove_rule(rule_id, by=by, now=now)
        if what == "remove":
            request.session["removed_rule"] = rule_id
    else:
        raise Http404
    return redirect("contact_rules")
