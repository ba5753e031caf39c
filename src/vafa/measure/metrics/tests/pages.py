"""Every page of the product, with this room's at the root whether or not they are mounted there already."""

from django.urls import include, path

from vafa.config.urls import urlpatterns as product

urlpatterns = [path("", include("vafa.measure.metrics.urls")), *product]
