"""The address of a customer's page."""

from django.urls import path

from vafa.front.customer import views

urlpatterns = [path("customers/<int:customer_id>/", views.customer, name="customer")]
