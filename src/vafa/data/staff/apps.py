from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "vafa.data.staff"
    label = "staff"
