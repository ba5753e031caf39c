"""What is sold, and where: products, product lines, locations."""

from django.db import models


class ProductLine(models.Model):
    """A family of products."""

    name = models.CharField(max_length=200, unique=True)


class Location(models.Model):
    """A branch, a city, a shop."""

    name = models.CharField(max_length=200, unique=True)


class Product(models.Model):
    """Something that is sold, known by its code (or its name where there is no code)."""

    code = models.CharField(max_length=300, unique=True)
    name = models.CharField(max_length=300, blank=True)
    line = models.ForeignKey(ProductLine, models.SET_NULL, null=True, related_name="products")
