"""The app of this room."""

from django.apps import AppConfig


class WatchingConfig(AppConfig):
    name = "vafa.measure.watching"
    label = "watching"
