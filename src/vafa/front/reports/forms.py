"""The forms of dashboards."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.front.overview.pickers import PURCHASE_RULES, SUBSCRIPTION_RULES
from vafa.front.overview.texts import name_dimension, name_every, name_rule
from vafa.front.reports.segments import list_segment_choices
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import Style
from vafa.measure.metrics.queries import list_entries_by_family
from vafa.measure.reports.queries import CHARTS, LENGTHS, MOST_PERIODS
from vafa.measure.reports.types import Chart, Item
from vafa.warehouse.queries import Snapshot

# What a new dashboard may begin with: the numbers by which most look at retention.
ESSENTIALS = (
    Item("crr", "number"),
    Item("churn_rate", "number"),
    Item("customers_end", "number"),
    Item("crr", "trend"),
    Item("customers_new", "trend"),
    Item("customers_lost", "table", periods=6),
)


def list_chart_choices() -> list[tuple[str, str]]:
    """The ways to show a metric."""
    names = {"number": _("A number"), "trend": _("A trend with its table"), "table": _("A table")}
    return [(chart, names[chart]) for chart in CHARTS]


class DashboardForm(forms.Form):
    """A dashboard's name, and who sees it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    is_shared = forms.BooleanField(
        label=gettext_lazy("All staff see it"),
        help_text=gettext_lazy("Each sees the figures of the customers that they may see."),
        required=False,
        initial=True,
    )

    name.widget.attrs["autocomplete"] = "off"


class NewDashboardForm(DashboardForm):
    """A new dashboard, and what it begins with."""

    begin = forms.ChoiceField(label=gettext_lazy("Begin with"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["begin"]).choices = [
            ("essentials", _("The usual numbers of retention")),
            ("empty", _("Nothing: I choose every metric")),
        ]
        self.initial.setdefault("begin", "essentials")


class ItemForm(forms.Form):
    """One metric of a dashboard."""

    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    chart = forms.ChoiceField(label=gettext_lazy("Show it as"), initial="trend")
    every = forms.ChoiceField(label=gettext_lazy("Length of a period"), initial="month")
    periods = forms.CharField(
        label=gettext_lazy("How many periods"),
        help_text=gettext_lazy("The last so many that are over; a number is compared with the one before."),
        max_length=4,
        initial="12",
    )
    by = forms.ChoiceField(label=gettext_lazy("Split by"), required=False)
    segment = forms.ChoiceField(label=gettext_lazy("Only the segment"), required=False)
    rule = forms.ChoiceField(label=gettext_lazy("Who counts as active"), required=False)
    real = forms.BooleanField(label=gettext_lazy("Money in real terms, by the price index"), required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Left empty, it is the metric's name."),
        max_length=120,
        required=False,
    )

    periods.widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}
    title.widget.attrs["autocomplete"] = "off"

    def __init__(
        self,
        *args: Any,
        snapshot: Snapshot,
        style: Style,
        calendar: str,
        item: Item | None = None,
        **kwargs: Any,
    ) -> None:
        if item is not None:
            kwargs.setdefault("initial", vars(item))
        super().__init__(*args, **kwargs)
        self._set_metrics(item.metric if item else "")
        self._set("chart", list_chart_choices(), None)
        self._set("every", [(name, name_every(name, calendar)) for name in LENGTHS], None)
        fields = [(name, name_dimension(name)) for name in snapshot.list_dimensions()]
        self._set("by", [("", _("Not split")), *fields], item.by if item else None)
        segments = list_segment_choices()
        self._set("segment", [("", _("Everybody")), *segments], item.segment if item else None)
        if not segments and not (item and item.segment):
            del self.fields["segment"]
        self._set("rule", _list_rules(snapshot, style), item.rule if item else None)

    def _set_metrics(self, kept: str) -> None:
        """The metrics under the headings of their families."""
        groups: list[Any] = [
            (heading, [(entry.name, entry.title) for entry in entries])
            for heading, entries in list_entries_by_family()
        ]
        if kept and not any(kept in dict(entries) for _heading, entries in groups):
            groups.append((kept, kept))
        cast("forms.ChoiceField", self.fields["metric"]).choices = groups

    def _set(self, name: str, options: list[tuple[str, str]], kept: str | None) -> None:
        """The choices of a field; what the item holds stays among them even if it is gone."""
        if kept and kept not in dict(options):
            options = [*options, (kept, kept)]
        cast("forms.ChoiceField", self.fields[name]).choices = options

    def clean_periods(self) -> int:
        """A whole number, in any digits."""
        text = to_latin_digits(str(self.cleaned_data["periods"])).strip()
        if not text.isdecimal() or not 1 <= int(text) <= MOST_PERIODS:
            raise forms.ValidationError(
                _("A whole number from %(least)s to %(most)s.") % {"least": 1, "most": MOST_PERIODS}
            )
        return int(text)

    def build_item(self) -> Item:
        """What was chosen."""
        said = self.cleaned_data
        return Item(
            metric=said["metric"],
            chart=cast("Chart", said["chart"]),
            every=said["every"],
            periods=said["periods"],
            by=said["by"],
            segment=said.get("segment", ""),
            rule=said["rule"],
            real=said["real"],
            title=said["title"].strip(),
        )


def _list_rules(snapshot: Snapshot, style: Style) -> list[tuple[str, str]]:
    names: list[str] = []
    if snapshot.has_orders:
        names += PURCHASE_RULES
    if snapshot.has_subscriptions:
        names += SUBSCRIPTION_RULES
    return [("", _("The rule of this business")), *((name, name_rule(name, style)) for name in names)]
