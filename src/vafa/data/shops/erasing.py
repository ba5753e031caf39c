"""What shops hold of people: messages that were not taken yet."""

from collections.abc import Sequence

from vafa.data.shops.models import Message
from vafa.kit.erasing import Erased, Holder


def erase(_customer_ids: Sequence[int]) -> Erased:
    """Messages that ended have no text; those that wait are taken by the rules that keep the erased out."""
    Message.objects.exclude(state="pending").exclude(body="").update(body="")
    return Erased()


HOLDER = Holder(room="shops", models=("shops.Message", "shops.Seen"), erase=erase)
