from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "vafa.data.catalogue"
    label = "catalogue"
