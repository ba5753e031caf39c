from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "vafa.data.subscriptions"
    label = "subscriptions"
