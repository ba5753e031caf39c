"""The append-only log: where facts come from, in which order they changed, and what happened."""

from django.db import models


class Source(models.Model):
    """Where facts come from: a shop, an accounting program, a folder of files."""

    name = models.CharField(max_length=60, unique=True)


class Feed(models.Model):
    """One kind of fact of one source, and the day through which it is known to be complete."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="feeds")
    kind = models.CharField(max_length=20)
    complete_through = models.DateField(null=True)
    closed = models.BooleanField(default=False)
    last_received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "kind"), name="one_feed_a_kind")]


class Sequence(models.Model):
    """The counter behind every `seq`. One row, raised inside the transaction that uses the numbers, so that
    numbers become visible in their order on every database."""

    value = models.BigIntegerField(default=0)


class Removal(models.Model):
    """A fact row that is gone (undone or erased), for those who follow by sequence."""

    seq = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=20)
    row = models.BigIntegerField()


class Happening(models.Model):
    """Something that others may react to. A bulk import is one happening, not a million."""

    seq = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    live = models.BooleanField(default=False)
    subject = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
