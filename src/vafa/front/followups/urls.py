"""The addresses of tasks."""

from django.urls import path

from vafa.front.followups import bulk, contact_rules, feed, part, reminders, sharing, views

bulk.register()

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/new/", views.new_task, name="new_task"),
    path("tasks/act/", views.act_on_tasks, name="act_on_tasks"),
    path("tasks/undo/", views.undo_tasks, name="undo_tasks"),
    path("tasks/export.<slug:file_format>", views.export_tasks, name="export_tasks"),
    path("tasks/for-many/", sharing.share_out, name="tasks_for_many"),
    path("tasks/batches/", sharing.batches, name="task_batches"),
    path("tasks/batches/<int:batch_id>/undo/", sharing.take_batch_back, name="undo_task_batch"),
    path("tasks/rules/", contact_rules.contact_rules, name="contact_rules"),
    path("tasks/rules/<int:rule_id>/", contact_rules.change_contact_rule, name="change_contact_rule"),
    path("today/reminders/", reminders.reminders, name="reminders"),
    path("calendar/<str:secret>.ics", feed.calendar, name="calendar"),
    path("tasks/<int:task_id>/", views.task, name="task"),
    path("customers/<int:customer_id>/tasks/", part.customer_tasks, name="customer_tasks"),
]
