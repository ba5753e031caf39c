"""The app of this room."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "vafa.prove.trials"
    label = "trials"
