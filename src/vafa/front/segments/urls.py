"""The addresses of segments."""

from django.urls import path

from vafa.front.segments import page, views

urlpatterns = [
    path("segments/", views.segments, name="segments"),
    path("segments/ready/", views.prepare, name="segments_prepare"),
    path("segments/build/", views.new_segment, name="new_segment"),
    path("segments/list/", page.new_list, name="new_list"),
    path("segments/preview/", views.preview, name="segment_preview"),
    path("segments/<slug:slug>/", page.segment, name="segment"),
    path("segments/<slug:slug>/edit/", views.edit_segment, name="edit_segment"),
    path("segments/<slug:slug>/do/", views.change, name="change_segment"),
    path("segments/<slug:slug>/members.<str:file_format>", page.export, name="segment_export"),
    path(
        "segments/<slug:slug>/changes.<str:file_format>", page.export_changes, name="segment_changes_export"
    ),
    path("segments/<slug:slug>/members/", page.change_members, name="change_members"),
    path("segments/<slug:slug>/changes/<int:change_id>/undo/", page.undo, name="undo_change"),
    path("segments/<slug:slug>/changes/<int:change_id>/<str:direction>/", page.moved, name="segment_moved"),
]
