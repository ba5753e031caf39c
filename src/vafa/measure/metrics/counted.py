"""What a figure counts as one, a customer or a company: settled once, before anything is measured."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_business
from vafa.kit.errors import AskedWrongly
from vafa.measure.metrics.family import Whose
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import ENTITIES, Entity

if TYPE_CHECKING:
    from vafa.data.business.models import Business


def settle_entity(text: str | None, business: "Business | None" = None) -> Entity:
    """What counts as one: what is asked for, else the business's setting. Raises AskedWrongly for another word."""
    wanted = text or (business or get_business()).counts_as
    found = next((name for name in ENTITIES if name == wanted), None)
    if found is None:
        raise AskedWrongly(
            _("“%(name)s” cannot be counted.") % {"name": wanted},
            _("Choose one of: %(names)s.") % {"names": ", ".join(ENTITIES)},
            code="name_unknown",
            names=list(ENTITIES),
        )
    return found


def count_as(entity: Entity, snapshot: Snapshot, whose: Whose) -> tuple[Snapshot, Whose]:
    """The snapshot in which such things are the customers, and who is looked at there.

    Of a company only the customers whom the asker may see are counted, and it is in a segment as soon as one of
    its customers is. A snapshot that counts companies already stays as it is.
    """
    if entity == snapshot.entity or snapshot.entity == "company":
        return snapshot, whose
    view = snapshot.by_company(whose.visible)
    chosen = None if whose.chosen is None else _map_chosen(view, whose.chosen)
    visible = None if whose.visible is None else view.everyone()
    return view, replace(whose, visible=visible, chosen=chosen)


def _map_chosen(view: Snapshot, chosen: Callable[[date], BitMap]) -> Callable[[date], BitMap]:
    return lambda day: view.map_customers(chosen(day))


def open_counted(
    snapshot: Snapshot,
    visible: BitMap | None,
    entity: Entity | None = None,
    business: "Business | None" = None,
) -> tuple[Snapshot, BitMap | None]:
    """A snapshot and who may be seen in it, as `entity` says or as the business counts."""
    view, whose = count_as(settle_entity(entity, business), snapshot, Whose(visible))
    return view, whose.visible


def describe_entity(snapshot: Snapshot) -> list[str]:
    """What counts as one, in a sentence; none where no customer has a company, so that it makes no difference."""
    if snapshot.entity == "company":
        return [_("Companies are counted: the customers of one company are one.")]
    if snapshot.has_companies():
        return [_("Every customer is counted alone, also those of one company.")]
    return []
