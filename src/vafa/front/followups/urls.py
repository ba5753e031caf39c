"""The addresses of tasks."""

from django.urls import path

from vafa.front.followups import part, views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/new/", views.new_task, name="new_task"),
    path("tasks/act/", views.act_on_tasks, name="act_on_tasks"),
    path("tasks/undo/", views.undo_tasks, name="undo_tasks"),
    path("tasks/export.<slug:file_format>", views.export_tasks, name="export_tasks"),
    path("tasks/<int:task_id>/", views.task, name="task"),
    path("customers/<int:customer_id>/tasks/", part.customer_tasks, name="customer_tasks"),
]
