"""Connected shops, what was taken of them, and the inbox of their webhooks."""

from django.conf import settings
from django.db import models


class Shop(models.Model):
    """A connected shop. While it is asked, `phase` and `cursor` say how far; `since` is None in the first load. `token`
    is the part of its webhooks' address that nobody can guess."""

    provider = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500)
    source_name = models.CharField(max_length=60, unique=True)
    key = models.CharField(max_length=200, blank=True)
    secret = models.CharField(max_length=200)
    hook_secret = models.CharField(max_length=200)
    token = models.CharField(max_length=64, unique=True)
    is_on = models.BooleanField(default=True)
    phase = models.CharField(max_length=12, blank=True)
    cursor = models.TextField(blank=True)
    since = models.DateTimeField(null=True)
    round_began_at = models.DateTimeField(null=True)
    loaded_at = models.DateTimeField(null=True)
    known_through = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    error = models.CharField(max_length=500, blank=True)
    not_before = models.DateTimeField()
    claim = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class Seen(models.Model):
    """The newest change of an order or customer that was taken; an older telling of it is passed over."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    number = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("shop", "kind", "number"), name="one_newest_a_thing")]


class Message(models.Model):
    """A webhook that came, once for each event of its provider. Its body goes as soon as it was taken."""

    provider = models.CharField(max_length=12)
    event = models.CharField(max_length=120)
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="messages")
    topic = models.CharField(max_length=60)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="pending")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("provider", "event"), name="one_message_an_event")]
        indexes = [models.Index(fields=("state", "not_before"), name="messages_waiting")]
