from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "vafa.data.customers"
    label = "customers"
