"""Orders and returns, as lines."""

from django.conf import settings
from django.db import models

from vafa.data.catalogue.models import Location, Product, ProductLine
from vafa.data.customers.models import Customer
from vafa.data.log.models import Source
from vafa.kit.fields import FixedField


class OrderLine(models.Model):
    """One line of an order. `key` is order, product and occurrence, joined by U+001F; unique in its source.

    `day` is the business's calendar day, settled when the fact arrived; `at` is None where only the day is known.
    `counts` is False for failed, unpaid and cancelled orders, which are neither purchases nor revenue. `set_aside` is
    the id of the joined sale because of which another order counts in its place; no import touches it.
    """

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=700)
    order_key = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(null=True)
    day = models.DateField()
    product = models.ForeignKey(Product, models.PROTECT, null=True, db_index=False, related_name="+")
    product_line = models.ForeignKey(ProductLine, models.PROTECT, null=True, db_index=False, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, db_index=False, related_name="+")
    quantity = FixedField()
    amount = FixedField()
    currency = models.CharField(max_length=4, blank=True)
    discount = FixedField(null=True)
    tax = FixedField(null=True)
    shipping = FixedField(null=True)
    status = models.CharField(max_length=60, blank=True)
    counts = models.BooleanField(default=True)
    custom = models.JSONField(null=True)
    set_aside = models.BigIntegerField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_line_a_key")]
        indexes = [models.Index(fields=("customer", "day"), name="lines_of_customer")]


class ReturnLine(models.Model):
    """Goods sent back, or a sale cancelled. `order_key` is "" where the source does not name the order."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=700)
    order_key = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(null=True)
    day = models.DateField()
    product = models.ForeignKey(Product, models.PROTECT, null=True, db_index=False, related_name="+")
    quantity = FixedField(null=True)
    amount = FixedField(null=True)
    currency = models.CharField(max_length=4, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    custom = models.JSONField(null=True)
    set_aside = models.BigIntegerField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_return_a_key")]
        indexes = [
            models.Index(fields=("customer", "day"), name="returns_of_customer"),
            models.Index(fields=("source", "order_key"), name="returns_of_order"),
        ]


class SameSale(models.Model):
    """Two orders of two sources that may tell of one sale. Joined, the first counts and the second is set aside."""

    first_source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    first_number = models.CharField(max_length=200)
    second_source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    second_number = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    day = models.DateField()
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="open")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("first_source", "first_number", "second_source", "second_number"),
                name="one_pair_of_sales",
            )
        ]
        indexes = [
            models.Index(fields=("state", "-score", "id"), name="same_sales_in_order"),
            models.Index(fields=("second_source", "second_number"), name="same_sales_second"),
        ]
