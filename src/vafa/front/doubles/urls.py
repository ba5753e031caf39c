"""The addresses of doubles and merges."""

from django.urls import path

from vafa.front.doubles import files, views

urlpatterns = [
    path("customers/doubles/", views.doubles, name="doubles"),
    path("customers/doubles.<slug:file_format>", files.export_doubles, name="export_doubles"),
    path("customers/doubles/look/", views.look_for_doubles, name="look_for_doubles"),
    path("customers/doubles/two/", views.separate, name="keep_apart"),
    path("customers/doubles/certain/", views.merge_certain, name="merge_certain"),
    path("customers/doubles/undo/", views.undo_certain, name="undo_certain"),
    path("customers/<int:kept_id>/merge/<int:other_id>/", views.double, name="double"),
    path("customers/<int:customer_id>/merges/", views.customer_merges, name="customer_merges"),
]
