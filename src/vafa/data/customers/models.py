"""People and companies, the ways to reach them, and their own fields."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Customer(models.Model):
    """Somebody who buys. A merged customer points to the one that was kept; its facts keep their own id."""

    name = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=60, blank=True)
    name_folded = models.CharField(max_length=300, blank=True, db_index=True)
    sort_key = models.CharField(max_length=300, blank=True, db_index=True)
    company = models.CharField(max_length=300, blank=True)
    birthday = models.DateField(null=True)
    location = models.CharField(max_length=200, blank=True)
    joined_on = models.DateField(null=True)
    tags = models.JSONField(default=list)
    custom = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kept = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    excluded = models.BooleanField(default=False)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=("company", "id"), name="people_of_company"),
            # All that the day's birthdays ask for stands in the index: of a million people twenty thousand rows.
            models.Index(
                fields=("birthday", "owner"),
                condition=Q(birthday__isnull=False, kept=None, excluded=False),
                name="customers_born_on",
            ),
            models.Index(
                fields=("joined_on", "owner"),
                condition=Q(joined_on__isnull=False, kept=None, excluded=False),
                name="customers_joined_on",
            ),
        ]


class CustomerKey(models.Model):
    """The id by which a source knows a customer."""

    source_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source_id", "key"), name="one_customer_a_key")]


class ContactPoint(models.Model):
    """One way to reach a customer. The same number may belong to several people.

    `detached` says why it is not theirs (a kind of stop of the consent's room; "" where it is): it stays, so that no
    file brings it back, and is neither used nor taken as telling who somebody is.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=320)
    typed = models.CharField(max_length=320, blank=True)
    detached = models.CharField(max_length=15, blank=True, default="", db_default="")
    preferred = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("kind", "value", "customer"), name="one_contact_point_each")
        ]


class FieldDefinition(models.Model):
    """A field of the business's own, as defined on a page. Its values stand in `Customer.custom` by its name, as texts:
    see `fields`. A column that an import keeps without a definition is a field of texts."""

    name = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField()
    type = models.CharField(max_length=12, default="text")
    choices = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    archived = models.BooleanField(default=False)


class Profile(models.Model):
    """What people tell of a customer that no source does. `photo` is the name of a file of the home."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="profile")
    channel = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=10, blank=True)
    interests = models.JSONField(default=list)
    photo = models.CharField(max_length=64, blank=True)


class FieldChange(models.Model):
    """One field of a customer before and after somebody changed it by hand. The values are about a person and stand
    here, never in the audit. Those that one act changed at once share its `batch`."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    field = models.CharField(max_length=100)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    batch = models.CharField(max_length=32, db_index=True)
    undone_at = models.DateTimeField(null=True)


class BulkChange(models.Model):
    """One change of very many customers that is done in the background (see `bulk_changes`).

    `key` is the batch of its field changes; `ids` a packed set of whom it is for, empty once it has ended; `place` the
    last of them that is done. `state`: waiting, running, done, undoing, undone. `undo_by` is who wants it taken back.
    """

    key = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=60, blank=True)
    ids = models.BinaryField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    place = models.BigIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undo_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10)
    refused = models.BooleanField(default=False)
    lease = models.CharField(max_length=16, blank=True, default="")
    lease_until = models.DateTimeField(null=True)


class SearchWord(models.Model):
    """A word that some customer's name or company holds, folded."""

    word = models.CharField(max_length=40, unique=True)


class SearchPart(models.Model):
    """An end of a word that begins inside it."""

    word = models.ForeignKey(SearchWord, models.CASCADE, related_name="parts")
    part = models.CharField(max_length=40, db_index=True)


class SearchPlace(models.Model):
    """Who has a word in the name or in the company's."""

    word = models.ForeignKey(SearchWord, models.CASCADE, db_index=False, related_name="places")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="search_places")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("word", "customer"), name="one_place_a_word")]


class SearchState(models.Model):
    """One row: the sequence number through which customers are in the index of words."""

    seq = models.BigIntegerField(default=0)


class Double(models.Model):
    """Two customers who may be one person, `first` the older one. `evidence` holds codes, never what they share."""

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="open")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=("first", "second"), name="one_double_a_pair")]
        indexes = [models.Index(fields=("state", "-score", "id"), name="doubles_in_order")]


class DoubleSearch(models.Model):
    """One row: how far the customers have been looked through for doubles, and whether somebody asks for it again."""

    seq = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)


class Merge(models.Model):
    """That one customer was taken for another.

    `before` holds the kept one's fields that it changed, as they were and as they became; `batch` is the same for all
    that were merged by one click.
    """

    merged = models.ForeignKey(Customer, models.CASCADE, related_name="merges")
    kept = models.ForeignKey(Customer, models.CASCADE, related_name="merges_into")
    before = models.JSONField(default=dict)
    batch = models.CharField(max_length=32, blank=True, db_index=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
