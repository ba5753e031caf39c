"""The addresses of the list of customers."""

from django.urls import path

from vafa.front.customers import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/export.<slug:file_format>", views.export, name="customers_export"),
]
