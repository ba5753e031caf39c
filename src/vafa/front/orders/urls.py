"""The address of an order's page."""

from django.urls import path

from vafa.front.orders import views

urlpatterns = [path("orders/<int:line_id>/", views.order, name="order")]
