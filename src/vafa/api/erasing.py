"""What the API holds of people: for a day its answers, which may name what was sent."""

from collections.abc import Sequence

from vafa.api.models import KeptAnswer
from vafa.kit.erasing import Erased, Holder


def erase(_customer_ids: Sequence[int]) -> Erased:
    """All kept answers go: they say nothing of whose they are, and a day would have taken them anyway."""
    KeptAnswer.objects.all().delete()
    return Erased()


HOLDER = Holder(room="api", models=("api.KeptAnswer",), erase=erase)
