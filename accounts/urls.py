from django.urls import path

from accounts.views import access, dashboard, entry, links, moderation, own, second_factor, site

app_name = "accounts"

urlpatterns = [
    path("login/", entry.login_page, name="login"),
    path("logout/", entry.logout_page, name="logout"),
    path("register/", entry.register_page, name="register"),
    path("verify/", links.send_verification_again, name="send_verification"),
    path("verify/<str:token>/", links.verify_page, name="verify"),
    path("password/forgot/", links.forgot_page, name="forgot"),
    path("password/reset/<str:token>/", links.reset_page, name="reset"),
    path("account/", own.profile_page, name="profile"),
    path("account/settings/", own.settings_page, name="settings"),
    path("account/password/", own.password_page, name="password"),
    path("account/email/", own.address_page, name="address"),
    path("account/sessions/", access.sessions_page, name="sessions"),
    path("account/sessions/end/", access.log_out_everywhere, name="log_out_everywhere"),
    path("account/sessions/<uuid:session_id>/end/", access.end_one_session, name="end_session"),
    path("account/tokens/", access.tokens_page, name="tokens"),
    path("account/tokens/<uuid:token_id>/end/", access.end_one_token, name="end_token"),
    path("account/logins/", access.history_page, name="logins"),
    path("account/export/", own.export_page, name="export"),
    path("account/delete/", own.delete_page, name="delete"),
    path("account/second-factor/", second_factor.second_factor_page, name="second_factor"),
    path("account/second-factor/codes/", second_factor.codes_page, name="recovery_codes"),
    path("account/second-factor/replace/", second_factor.replace_page, name="replace_factor"),
    path("dashboard/", dashboard.dashboard_page, name="dashboard"),
    path("about/", site.about_page, name="about"),
    path("legal/", site.legal_page, name="legal"),
    path("privacy/", site.privacy_page, name="privacy"),
    path("moderation/", moderation.queue_page, name="moderation"),
    path("moderation/<str:target_kind>/<uuid:target_id>/", moderation.case_page, name="moderation_case"),
    path("report/<str:target_kind>/<uuid:target_id>/", moderation.report_page, name="report"),
    path("appeal/<str:target_kind>/<uuid:target_id>/", moderation.appeal_page, name="appeal"),
]
