"""The addresses of the customer file."""

from django.urls import path

from vafa.front.customer import views, writing

urlpatterns = [
    path("customers/<int:customer_id>/", views.customer, name="customer"),
    path("customers/<int:customer_id>/story/", views.story, name="customer_story"),
    path("customers/<int:customer_id>/write/<slug:kind>/", writing.write, name="write_down"),
    path("customers/<int:customer_id>/written/<slug:key>/", writing.edit, name="edit_written"),
    path("customers/<int:customer_id>/written/<slug:key>/remove/", writing.remove, name="remove_written"),
    path("customers/<int:customer_id>/written/<slug:key>/restore/", writing.restore, name="restore_written"),
    path("customers/<int:customer_id>/written/<slug:key>/promise/", writing.promise, name="settle_promise"),
    path("customers/<int:customer_id>/files/<int:attachment_id>/", writing.attachment, name="customer_file"),
]
