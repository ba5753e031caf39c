"""The cards on the shelf: one of them, all of a business, and between which chances its bands lie."""

from vafa.predict.models.models import Card
from vafa.predict.models.rules import decide_thresholds
from vafa.predict.models.settings import get_settings


def list_all_cards() -> list[Card]:
    """The cards of every question, the newest first."""
    return list(Card.objects.select_related("promoted_by"))


def get_card(card_id: int) -> Card | None:
    """One card; None where there is none."""
    return Card.objects.select_related("promoted_by").filter(pk=card_id).first()


def find_borders(card: Card) -> tuple[float, float] | None:
    """The chances from which the risk is raised, and high, by the settings; None where the card knows no base."""
    base = card.document.get("active_base")
    if not base:
        return None
    told = get_settings()
    return decide_thresholds(base, told.low_odds, told.high_odds)
