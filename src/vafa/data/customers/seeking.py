"""Finding customers while somebody types: by name, half a phone number, e-mail address or a source's id.

Every question is answered by indexes alone, however many customers there are; only those whom the index of words has
not reached yet are looked through.
"""

import re
from collections.abc import Iterator
from itertools import chain

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from vafa.data.customers.indexing import get_indexed_through
from vafa.data.customers.models import ContactPoint, Customer, CustomerKey, SearchPart, SearchWord
from vafa.data.customers.types import Hit
from vafa.data.customers.words import LEAST_INSIDE, LONGEST_WORD, list_asked_words, list_words
from vafa.data.log.queries import list_source_ids
from vafa.kit.bulk import is_postgres
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.letters import fold_name
from vafa.kit.locale.pinyin import is_han
from vafa.kit.prefixes import begins

LEAST_DIGITS = 4
_MOST_DIGITS = 15
_MOST_WORDS = 200
_FEW_OWN = 10_000
_MOST_BEHIND = 200_000
_LETTER = re.compile(r"[^\W\d_]")
_WRITTEN_AS_PHONE = re.compile(r"[\d\s()+./\-–]+")
# The places, counted from the end, from which digits inside a number are sought, each with the index that is asked.
# One digit before an index begins, the rest is asked of it and that digit compared.
_INNER_PLACES = ((8, 8), (6, 7), (10, 10), (8, 9), (6, 6), (4, 5), (10, 11))
# Eleven digits before the end stands the country's code for the most part, and behind it an operator that millions
# have: so far out, fewer digits than these would look through all of them.
_FAR, _LEAST_FAR = 11, 6

# Two questions of two indexes: as one condition with OR they would go through everybody.
_OWN = (
    "SELECT id FROM customers_customer WHERE owner_id = %s UNION ALL SELECT c.id FROM customers_customer c"
    " JOIN customers_customer k ON k.id = c.kept_id WHERE k.owner_id = %s"
)


def seek_customers(text: str, *, region: str = "", limit: int = 8, owner_id: int | None = None) -> list[Hit]:
    """The customers that a text may mean, the surest first, each once and as the one kept after merges.

    `region` is the country (ISO 3166) of phone numbers without a country's code; with `owner_id` only the customers of
    that member of staff are found.
    """
    wanted = " ".join(to_latin_digits(text).split())[:200]
    if not wanted:
        return []
    seeker = _Seeker(wanted, region, limit, owner_id)
    found: dict[int, Hit] = {}
    for hits in seeker.list_steps():
        for hit in seeker.keep(hits):
            found.setdefault(hit.id, hit)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


class _Seeker:
    """One question and whose eyes it is asked for."""

    def __init__(self, wanted: str, region: str, limit: int, owner_id: int | None) -> None:
        self.wanted, self.region, self.limit, self.owner_id = wanted, region, limit, owner_id
        # Some of those found may be one person, or another's: a few more are taken than are shown.
        self.take = limit * 3
        self._few: bool | None = None

    def list_steps(self) -> Iterator[list[Hit]]:
        """The ways to find somebody, the surest first, each tried only if those before it found too few."""
        yield self._by_key()
        digits = re.sub(r"\D", "", self.wanted)
        if _WRITTEN_AS_PHONE.fullmatch(self.wanted) and LEAST_DIGITS <= len(digits) <= _MOST_DIGITS:
            if self.owner_id is not None and self._has_few():
                yield self._by_number_of_few(digits)
            else:
                yield self._by_number_start(digits)
                yield self._by_number_end(digits)
                yield self._by_number_inside(digits)
        if "@" in self.wanted or self.wanted.isascii():
            yield self._by_address(self.wanted.lower())
        if "@" not in self.wanted:
            yield self._by_whole_name()
            yield self._by_words()
            yield self._among_the_newest()

    def keep(self, hits: list[Hit]) -> list[Hit]:
        """Merged customers as the kept ones; only those that the owner has."""
        kept = dict(Customer.objects.filter(pk__in=[hit.id for hit in hits]).values_list("pk", "kept_id"))
        moved = [Hit(kept[hit.id] or hit.id, hit.by, hit.value) for hit in hits if hit.id in kept]
        if self.owner_id is None:
            return moved
        own = Customer.objects.filter(pk__in=[hit.id for hit in moved], owner_id=self.owner_id)
        allowed = set(own.values_list("pk", flat=True))
        return [hit for hit in moved if hit.id in allowed]

    def _own(self, column: str) -> Q:
        """The condition that a row is of one of the owner's customers, or of those merged into them."""
        if self.owner_id is None:
            return Q()
        return Q(**{f"{column}__in": RawSQL(_OWN, [self.owner_id, self.owner_id])})  # noqa: S611 - our own text

    def _by_key(self) -> list[Hit]:
        # The index of keys begins with the source.
        keys = CustomerKey.objects.filter(
            self._own("customer_id"), source_id__in=list_source_ids(), key=self.wanted
        )
        return [Hit(pk, "key", key) for pk, key in keys.values_list("customer_id", "key")[: self.take]]

    def _by_number_start(self, digits: str) -> list[Hit]:
        """Numbers that begin so: with the country's code, or as they are dialled at home."""
        starts = {f"+{digits.removeprefix('00')}"}
        if (code := _find_code(self.region)) and not self.wanted.startswith(("+", "00")):
            starts.add(f"+{code}{digits.removeprefix('0')}")
        found: list[Hit] = []
        for start in sorted(starts, key=len, reverse=True):
            points = ContactPoint.objects.filter(
                begins("value", start), self._own("customer_id"), kind="phone", detached=""
            ).order_by("value")
            found += [
                Hit(pk, "phone", value)
                for pk, value in points.values_list("customer_id", "value")[: self.take]
            ]
        return found

    def _by_number_end(self, digits: str) -> list[Hit]:
        """Numbers that end so. Among those with the same last four digits the rest is compared."""
        bare = digits.lstrip("0")
        if len(bare) >= LEAST_DIGITS:
            digits = bare
        end = "right(value, 4)" if is_postgres() else "substr(value, -4)"
        where = f"{end} = %s AND value LIKE %s"
        return self._by_index(4, where, [digits[-4:], f"%{digits}"])

    def _by_number_inside(self, digits: str) -> list[Hit]:
        """Numbers that hold these digits anywhere between."""
        found: list[Hit] = []
        for length, place in _INNER_PLACES:
            if len(digits) >= place or (place == _FAR and len(digits) < _LEAST_FAR):
                continue
            before, rest = digits[: place - length], digits[place - length :]
            if is_postgres():
                where, params = f"right(value, {length}) LIKE %s", [f"{rest}%"]
                compared = f" AND left(right(value, {place}), {len(before)}) = %s"
            else:
                inner = f"substr(value, -{length})"
                where, params = f"{inner} >= %s AND {inner} < %s", [rest, f"{rest}:"]
                compared = f" AND substr(value, -{place}, {len(before)}) = %s"
            if before:
                where, params = where + compared, [*params, before]
            found += self._by_index(length, where, params)
            if len(found) >= self.take:
                break
        return found

    def _by_number_of_few(self, digits: str) -> list[Hit]:
        """Numbers of own customers that hold the digits anywhere: each is looked at, which is cheaper than nine ways
        of asking the indexes of everybody's."""
        bare = digits.lstrip("0")
        digits = bare if len(bare) >= LEAST_DIGITS else digits
        join = "JOIN" if is_postgres() else "CROSS JOIN"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT p.customer_id, p.value FROM ({_OWN}) o {join} customers_contactpoint p"
                " ON p.customer_id = o.id WHERE p.kind = 'phone' AND p.detached = '' AND p.value LIKE %s"
                f" LIMIT {self.take}",
                [self.owner_id, self.owner_id, f"%{digits}%"],
            )
            return [Hit(int(pk), "phone", value) for pk, value in cursor.fetchall()]

    def _by_index(self, length: int, where: str, params: list[str]) -> list[Hit]:
        """Phone numbers by the index of their last digits; the kind is written out, as the index is only of phones."""
        # SQLite knows no statistics here, and would go through all phones where the owner is asked for too.
        hint = "" if is_postgres() else f" INDEXED BY phone_inner_{length}"
        own, more = "", []
        if self.owner_id is not None:
            own = f" AND customer_id IN ({_OWN})"
            more = [self.owner_id, self.owner_id]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT customer_id, value FROM customers_contactpoint{hint}"
                f" WHERE kind = 'phone' AND detached = '' AND {where}{own} LIMIT {self.take}",
                [*params, *more],
            )
            return [Hit(int(pk), "phone", value) for pk, value in cursor.fetchall()]

    def _by_address(self, start: str) -> list[Hit]:
        points = ContactPoint.objects.filter(
            begins("value", start), self._own("customer_id"), kind="email", detached=""
        )
        found = points.order_by("value").values_list("customer_id", "value")[: self.take]
        return [Hit(pk, "email", value) for pk, value in found]

    def _by_whole_name(self) -> list[Hit]:
        """Names that begin so, word after word."""
        folded = fold_name(self.wanted)
        if not folded or not _LETTER.search(folded):
            return []
        named = Customer.objects.filter(begins("name_folded", folded))
        if self.owner_id is not None:
            named = named.filter(self._own("pk"))
        return [
            Hit(pk, "name") for pk in named.order_by("name_folded").values_list("pk", flat=True)[: self.take]
        ]

    def _by_words(self) -> list[Hit]:
        """Names and companies that hold all the words, each at the beginning of a word or inside one."""
        asked = [word for word in list_asked_words(self.wanted) if len(word) > 1 or is_han(word[0])]
        if not asked:
            return []
        ids = [_list_word_ids(word) for word in asked]
        if not all(ids):
            return []
        # The rarest word first would be best; the one with the fewest spellings is a good guess without counting.
        return self._by_places([f"({', '.join(map(str, some))})" for some in sorted(ids, key=len)])

    def _by_places(self, lists: list[str]) -> list[Hit]:
        """Those who have a word of each list of ids."""
        first, *others = lists
        params: list[int] = []
        with connection.cursor() as cursor:
            if self.owner_id is not None and self._has_few():
                # The words of a few thousand own customers are fewer than the customers with a frequent word. The sign
                # keeps the databases from asking by the word.
                params = [self.owner_id, self.owner_id]
                join = "JOIN" if is_postgres() else "CROSS JOIN"
                source = f"({_OWN}) o {join} customers_searchplace p ON p.customer_id = o.id"
                where = [f"+p.word_id IN {first}"] + [
                    "EXISTS (SELECT 1 FROM customers_searchplace q"
                    f" WHERE q.customer_id = p.customer_id AND +q.word_id IN {some})"
                    for some in others
                ]
            else:
                source = "customers_searchplace p"
                where = [f"p.word_id IN {first}"] + [
                    f"p.customer_id IN (SELECT customer_id FROM customers_searchplace WHERE word_id IN {some})"
                    for some in others
                ]
                if self.owner_id is not None:
                    where.append(f"p.customer_id IN ({_OWN})")
                    params = [self.owner_id, self.owner_id]
            cursor.execute(
                f"SELECT p.customer_id FROM {source} WHERE {' AND '.join(where)} LIMIT {self.take}", params
            )
            return [Hit(int(row[0]), "name") for row in cursor.fetchall()]

    def _has_few(self) -> bool:
        """Whether the owner looks after so few that each of them can be looked at."""
        if self._few is None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM"
                    f" (SELECT 1 FROM customers_customer WHERE owner_id = %s LIMIT {_FEW_OWN + 1}) few",
                    [self.owner_id],
                )
                self._few = int(cursor.fetchone()[0]) <= _FEW_OWN
        return self._few

    def _among_the_newest(self) -> list[Hit]:
        """Those whom the index has not reached yet, one by one."""
        asked = list_asked_words(self.wanted)
        if not asked:
            return []
        behind = Customer.objects.filter(seq__gt=get_indexed_through())
        if self.owner_id is not None:
            behind = behind.filter(owner_id=self.owner_id)
        found = []
        for pk, name, company in behind.order_by("-seq").values_list("pk", "name", "company")[:_MOST_BEHIND]:
            have = list_words(name, company)
            if all(any(_fits(word, one) for one in have) for word in asked):
                found.append(Hit(pk, "name"))
                if len(found) >= self.take:
                    break
        return found


def _fits(word: str, have: str) -> bool:
    least = 1 if is_han(word[0]) else LEAST_INSIDE
    return have.startswith(word) or (len(word) >= least and word in have)


def _list_word_ids(word: str) -> list[int]:
    """The words that begin with one, then those that hold it inside."""
    word = word[:LONGEST_WORD]
    beginning = SearchWord.objects.filter(begins("word", word)).order_by("word").values_list("pk", flat=True)
    found = list(beginning[:_MOST_WORDS])
    if len(word) >= LEAST_INSIDE or is_han(word[0]):
        inside = SearchPart.objects.filter(begins("part", word)).order_by("part")
        found = list(dict.fromkeys(chain(found, inside.values_list("word_id", flat=True)[:_MOST_WORDS])))
    return found


def _find_code(region: str) -> int:
    import phonenumbers

    return phonenumbers.country_code_for_region(region) if region else 0
