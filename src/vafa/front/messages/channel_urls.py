"""Addresses of text messages, bots and what people deliver."""

from django.urls import path

from vafa.front.messages import hooks

urlpatterns = [
    path("in/messages/<str:token>/", hooks.provider_call, name="provider_call"),
]
