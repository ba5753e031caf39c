"""What the gifts of automations cost."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count

from vafa.act.automations.coding import read_document
from vafa.act.automations.models import Run, Version
from vafa.act.automations.rules import read_amount
from vafa.act.messaging.types import UNIVERSAL
from vafa.lab.trials import CONTROL


def sum_gifts(trial_keys: Iterable[str]) -> dict[str, Decimal]:
    """What was drawn for in each of these trials, at the price of a gift that its automation names; trials without a
    draw are left out."""
    sums: dict[str, Decimal] = {}
    drawn = (
        Run.objects.exclude(arm__in=(CONTROL, UNIVERSAL))
        .order_by()
        .values_list("version_id")
        .annotate(Count("pk"))
    )
    versions = {one.pk: one for one in Version.objects.filter(trial__in=list(trial_keys)).exclude(trial="")}
    for version, count in drawn.filter(version__in=list(versions)):
        when = read_document(versions[version].document).when
        price = read_amount(when.cost) if when.kind == "draw" else None
        if price:
            key = versions[version].trial
            sums[key] = sums.get(key, Decimal(0)) + price * count
    return sums
