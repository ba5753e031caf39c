"""The addresses of campaigns."""

from django.urls import path

from vafa.front.campaigns import editing, people, previews, reach, views

urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", editing.new_campaign, name="new_campaign"),
    path("campaigns/<int:campaign_id>/", views.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/edit/", editing.edit_campaign, name="edit_campaign"),
    path("campaigns/<int:campaign_id>/text/", editing.campaign_text, name="campaign_text"),
    path("campaigns/<int:campaign_id>/do/", editing.change_campaign, name="change_campaign"),
    path("campaigns/<int:campaign_id>/test/", previews.test_campaign, name="test_campaign"),
    path("campaigns/<int:campaign_id>/preview/", previews.preview_campaign, name="campaign_preview"),
    path("campaigns/<int:campaign_id>/reach/", reach.reach, name="campaign_reach"),
    path("campaigns/<int:campaign_id>/held/", reach.held, name="campaign_held"),
    path("campaigns/<int:campaign_id>/progress/", views.progress, name="campaign_progress"),
    path("campaigns/<int:campaign_id>/runs/<int:number>/", views.run, name="campaign_run"),
    path("campaigns/<int:campaign_id>/runs/<int:number>/people/", people.people, name="campaign_people"),
    path(
        "campaigns/<int:campaign_id>/runs/<int:number>/export.<slug:file_format>",
        people.export_people,
        name="export_campaign",
    ),
]
