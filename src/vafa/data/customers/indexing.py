"""The index of words, kept up by following the customers' sequence numbers: imports pay nothing for it.

Each step is one short transaction and may be cut off anywhere. Customers whom it has not reached yet are looked
through one by one by those who search.
"""

from time import monotonic

from django.db import transaction
from django.db.models import Exists, OuterRef

from vafa.data.customers.models import Customer, SearchPlace, SearchState, SearchWord
from vafa.data.customers.words import list_inner_parts, list_words
from vafa.kit.bulk import insert_rows, select_where_in

BATCH = 500
_ROW = 1


def get_indexed_through() -> int:
    """The sequence number through which customers are in the index."""
    return SearchState.objects.filter(pk=_ROW).values_list("seq", flat=True).first() or 0


def follow_customers(seconds: float | None = None) -> int:
    """Bring the index up to the newest customer, for about so long at most; how many customers were looked at."""
    end = None if seconds is None else monotonic() + seconds
    done = 0
    while step := _step():
        done += step
        if end is not None and monotonic() > end:
            break
    return done


@transaction.atomic
def _step() -> int:
    """Index the next customers; how many."""
    SearchState.objects.get_or_create(pk=_ROW)
    state = SearchState.objects.select_for_update().get(pk=_ROW)
    changed = Customer.objects.filter(seq__gt=state.seq).order_by("seq")
    rows = list(changed.values_list("pk", "seq", "name", "company")[:BATCH])
    if not rows:
        return 0
    words = {pk: list_words(name, company) for pk, _seq, name, company in rows}
    SearchPlace.objects.filter(customer__in=list(words)).delete()
    ids = _take_words({word for found in words.values() for word in found})
    insert_rows(
        "customers_searchplace",
        ("word_id", "customer_id"),
        sorted((ids[word], pk) for pk, found in words.items() for word in found),
    )
    state.seq = rows[-1][1]
    state.save(update_fields=["seq"])
    return len(rows)


def _take_words(words: set[str]) -> dict[str, int]:
    """The id of each word, made where it is new, with its inner parts."""
    known = _find_words(words)
    new = sorted(words - set(known))
    if new:
        SearchWord.objects.bulk_create([SearchWord(word=word) for word in new], ignore_conflicts=True)
        made = _find_words(new)
        parts = [(made[word], part) for word in new for part in list_inner_parts(word)]
        insert_rows("customers_searchpart", ("word_id", "part"), parts)
        known |= made
    return known


def _find_words(words: set[str] | list[str]) -> dict[str, int]:
    rows = select_where_in("SELECT word, id FROM customers_searchword", "word", words)
    return {word: int(pk) for word, pk in rows}


def list_words_of(customers: list[int]) -> list[int]:
    """The ids of the words that these customers' names hold."""
    places = SearchPlace.objects.filter(customer__in=customers)
    return list(places.values_list("word_id", flat=True).distinct())


def forget_words(among: list[int] | None = None) -> int:
    """Remove the words that nobody has any more, of all or of those given: they are people's names; how many."""
    unused = SearchWord.objects.filter(~Exists(SearchPlace.objects.filter(word=OuterRef("pk"))))
    if among is not None:
        unused = unused.filter(pk__in=among)
    ids = list(unused.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        SearchWord.objects.filter(pk__in=ids[start : start + BATCH]).delete()
    return len(ids)
