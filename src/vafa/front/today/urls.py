"""The addresses of the page of the day."""

from django.urls import path

from vafa.front.today import views

urlpatterns = [
    path("today/", views.today, name="today"),
    path("today/act/", views.act, name="today_act"),
    path("today/undo/", views.undo, name="today_undo"),
    path("today/task/", views.quick_task, name="today_task"),
]
