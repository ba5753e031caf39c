"""The addresses of the customer file."""

from django.urls import path

from vafa.front.customer import company, sent, views, who, writing

urlpatterns = [
    path("customers/<int:customer_id>/", views.customer, name="customer"),
    path("customers/<int:customer_id>/story/", views.story, name="customer_story"),
    path("customers/<int:customer_id>/messages/", sent.customer_messages, name="customer_messages"),
    path(
        "customers/<int:customer_id>/messages/<int:sending_id>/",
        sent.customer_message,
        name="customer_message",
    ),
    path(
        "customers/<int:customer_id>/messages/<int:sending_id>/text/",
        sent.customer_message_text,
        name="customer_message_text",
    ),
    path("customers/<int:customer_id>/who/", who.who, name="customer_who"),
    path("customers/<int:customer_id>/edit/", who.edit_who, name="edit_customer"),
    path("customers/<int:customer_id>/points/", who.points, name="customer_points"),
    path("customers/<int:customer_id>/photo/", who.photo, name="customer_photo"),
    path("customers/<int:customer_id>/photo/change/", who.change_photo, name="change_photo"),
    path("customers/<int:customer_id>/changes/", who.changes, name="customer_changes"),
    path(
        "customers/<int:customer_id>/changes/<int:change_id>/undo/",
        who.undo_change,
        name="undo_customer_change",
    ),
    path("companies/", company.company, name="company"),
    path("customers/<int:customer_id>/write/<slug:kind>/", writing.write, name="write_down"),
    path("customers/<int:customer_id>/written/<slug:key>/", writing.edit, name="edit_written"),
    path("customers/<int:customer_id>/written/<slug:key>/remove/", writing.remove, name="remove_written"),
    path("customers/<int:customer_id>/written/<slug:key>/restore/", writing.restore, name="restore_written"),
    path("customers/<int:customer_id>/written/<slug:key>/promise/", writing.promise, name="settle_promise"),
    path("customers/<int:customer_id>/files/<int:attachment_id>/", writing.attachment, name="customer_file"),
]
