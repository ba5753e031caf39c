"""The address of the page that leads to what explains the figures."""

from django.urls import path

from vafa.front.understand import views

urlpatterns = [path("understand/", views.understand, name="understand")]
