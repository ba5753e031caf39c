"""What webhooks hold of people: ids, and what the receivers answered, which may repeat anything."""

from collections.abc import Sequence

from vafa.act.webhooks.models import Delivery
from vafa.kit.erasing import Erased, Holder


def erase(_customer_ids: Sequence[int]) -> Erased:
    """All kept answers go: they say nothing of whose they are."""
    Delivery.objects.exclude(answer="").update(answer="")
    return Erased()


HOLDER = Holder(room="webhooks", models=("webhooks.Delivery",), erase=erase)
