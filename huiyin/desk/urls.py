"""Where each page of the desk is. Places are nouns; what is done there is POST."""

from django.urls import include, path

from huiyin.desk.views import account, attachments, bulk, complaint, deeds, design, export, intake, queue, work

app_name = "desk"
urlpatterns = [
    path("", work.work, name="work"),
    path("mentions/seen", work.mentions_seen, name="mentions-seen"),
    path("design", design.design, name="design"),
    path("complaints/", queue.queue, name="queue"),
    path("complaints/counts", queue.counts, name="counts"),
    path("complaints/signatures", bulk.sign, name="bulk-sign"),
    path("complaints/assignments", bulk.assign, name="bulk-assign"),
    path("complaints/export.<str:kind>", export.export, name="export"),
    path("complaints/new", intake.intake, name="intake"),
    path("complaints/new/elements", intake.elements, name="intake-elements"),
    path("complaints/new/caller", intake.caller, name="intake-caller"),
    path("complaints/new/prompts", intake.prompts, name="intake-prompts"),
    path("complaints/new/form", intake.blank_form, name="intake-blank-form"),
    path("complaints/<str:number>", complaint.complaint, name="complaint"),
    path("complaints/<str:number>/form", complaint.registration_form, name="registration-form"),
    path("complaints/<str:number>/attachments/<int:pk>", attachments.download, name="attachment"),
    path("complaints/<str:number>/attachments/<int:pk>/preview", attachments.preview, name="attachment-preview"),
    path("complaints/<str:number>/contact", complaint.contact, name="contact"),
    path("complaints/<str:number>/<slug:noun>", deeds.deed, name="deed"),
    path("work-orders/<str:number>/<slug:noun>", deeds.order_deed, name="order-deed"),
    path("settings/", include("huiyin.desk.administration.urls")),
    path("account", account.account, name="account"),
    path("account/language", account.language, name="account-language"),
    path("account/tokens", account.create_token, name="tokens"),
    path("account/tokens/<int:pk>/revocation", account.revoke_token, name="token-revocation"),
]
