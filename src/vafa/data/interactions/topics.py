"""Themes of feedback, and causes of leaving: the five of the articles with their parts, and those of the business."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.interactions.models import Topic
from vafa.data.interactions.types import KnownTopic, TopicKind, TopicTaken
from vafa.kit.ids import read_id
from vafa.kit.locale.letters import fold_key

_OWN = "own:"

# Code, name; a dot in the code says which cause it is part of.
_CAUSES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("value", lambda: _("Value for the price")),
    ("value.price", lambda: _("The price is too high")),
    ("value.price_rise", lambda: _("The price went up")),
    ("value.hidden_costs", lambda: _("Costs that nobody had told of")),
    ("value.little_use", lambda: _("Too little use for the money")),
    ("quality", lambda: _("Quality of the product or service")),
    ("quality.faults", lambda: _("Faults or breakdowns")),
    ("quality.promise_not_met", lambda: _("Not as it was promised")),
    ("quality.missing", lambda: _("Something needed is missing")),
    ("quality.uneven", lambda: _("Sometimes good, sometimes bad")),
    ("experience", lambda: _("The customer's experience")),
    ("experience.slow_answers", lambda: _("Slow answers")),
    ("experience.unsolved", lambda: _("A problem that was never solved")),
    ("experience.rude", lambda: _("Unfriendly treatment")),
    ("experience.hard_to_use", lambda: _("Hard to buy or to use")),
    ("experience.delivery", lambda: _("Late or wrong delivery")),
    ("competition", lambda: _("Competition")),
    ("competition.price", lambda: _("A better price elsewhere")),
    ("competition.offer", lambda: _("A better offer elsewhere")),
    ("competition.nearer", lambda: _("Somebody nearer or easier to reach")),
    ("communication", lambda: _("Lack of communication")),
    ("communication.forgotten", lambda: _("Heard nothing from us")),
    ("communication.too_much", lambda: _("Too many messages")),
    ("communication.not_heard", lambda: _("Felt that nobody listened")),
    ("communication.news", lambda: _("Did not know of news and offers")),
    ("other", lambda: _("Something else")),
    ("other.moved", lambda: _("Moved away or closed down")),
    ("other.no_need", lambda: _("No longer needed")),
)
_THEMES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("product", lambda: _("Product")),
    ("service", lambda: _("Service")),
    ("price", lambda: _("Price")),
    ("delivery", lambda: _("Delivery")),
    ("staff", lambda: _("Staff")),
    ("place", lambda: _("Place and opening hours")),
    ("website", lambda: _("Website or app")),
    ("idea", lambda: _("A wish or an idea")),
)
_READY: dict[TopicKind, tuple[tuple[str, Callable[[], str]], ...]] = {"cause": _CAUSES, "theme": _THEMES}


def list_topics(kind: TopicKind, *, archived: bool = False) -> list[KnownTopic]:
    """All themes, or all causes with each one's parts after it; the business's own behind the ready ones of their
    place. Those that were archived only if asked for."""
    own = [
        KnownTopic(f"{_OWN}{row.pk}", row.name, row.under, is_own=True, archived=row.archived)
        for row in Topic.objects.filter(kind=kind).order_by("pk")
        if archived or not row.archived
    ]
    found: list[KnownTopic] = []
    ready = [
        KnownTopic(code, get_name(), code.rpartition(".")[0], is_own=False) for code, get_name in _READY[kind]
    ]
    for topic in ready:
        if topic.under:
            continue
        found.append(topic)
        found += [part for part in (*ready, *own) if part.under == topic.code]
    return found + [topic for topic in own if not topic.under]


def name_topic(kind: TopicKind, code: str) -> str:
    """A theme or cause in words, with the cause that it is part of; what is gone as its code."""
    known = {topic.code: topic for topic in list_topics(kind, archived=True)}
    topic = known.get(code)
    if topic is None:
        return code
    over = known.get(topic.under)
    return f"{over.name}: {topic.name}" if over else topic.name


@transaction.atomic
def add_topic(kind: TopicKind, name: str, under: str = "") -> KnownTopic:
    """Add one of the business's own. Raises TopicTaken where one of that name is there; an archived one comes back."""
    wanted = " ".join(name.split())[:120]
    same = next(
        (
            topic
            for topic in list_topics(kind, archived=True)
            if fold_key(topic.name) == fold_key(wanted) and topic.under == under
        ),
        None,
    )
    if same is not None and not same.archived:
        raise TopicTaken(_("There is one of that name already."), _("Choose another name."))
    if same is not None:
        set_topic_archived(same.code, archived=False)
        return same
    row = Topic.objects.create(kind=kind, under=under, name=wanted)
    return KnownTopic(f"{_OWN}{row.pk}", row.name, row.under, is_own=True)


def set_topic_archived(code: str, *, archived: bool) -> bool:
    """Take one of the business's own out of the choices, or put it back; whether there is such a one. What was
    written with it keeps it."""
    number = read_id(code.removeprefix(_OWN))
    if not code.startswith(_OWN) or number is None:
        return False
    return bool(Topic.objects.filter(pk=number).update(archived=archived))
