"""The addresses of the page of the day."""

from django.urls import path

from vafa.front.today import by_hand, days, mentions, views

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/act/", views.act, name="today_act"),
    path("today/undo/", views.undo, name="today_undo"),
    path("today/mentions/", mentions.mentions, name="mentions"),
    path("today/mentions/mark/", mentions.mark, name="mark_mentions"),
    path("customers/<int:customer_id>/by-hand/", by_hand.by_hand, name="by_hand"),
    path("customers/<int:customer_id>/days/", days.customer_days, name="customer_days"),
    path("today/task/", views.quick_task, name="today_task"),
]
