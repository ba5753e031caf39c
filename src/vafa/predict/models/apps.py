"""The app of this room."""

from django.apps import AppConfig


class ModelsConfig(AppConfig):
    name = "vafa.predict.models"
    label = "predict_models"
