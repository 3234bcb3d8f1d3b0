from django.urls import path

from accounts.api import auth, moderation, users

urlpatterns = [
    path("auth/register", auth.Register.as_view(), name="api-register"),
    path("auth/token", auth.Token.as_view(), name="api-token"),
    path("auth/token/refresh", auth.TokenRefresh.as_view(), name="api-token-refresh"),
    path("auth/logout", auth.Logout.as_view(), name="api-logout"),
    path("auth/logout-all", auth.LogoutAll.as_view(), name="api-logout-all"),
    path("auth/verify-email", auth.VerifyEmail.as_view(), name="api-verify-email"),
    path("auth/password/forgot", auth.PasswordForgot.as_view(), name="api-password-forgot"),
    path("auth/password/reset", auth.PasswordReset.as_view(), name="api-password-reset"),
    path("auth/password/change", auth.PasswordChange.as_view(), name="api-password-change"),
    path("auth/email/change", auth.EmailChange.as_view(), name="api-email-change"),
    path("users/me", users.Me.as_view(), name="api-me"),
    path("users/me/login-history", users.MyLogins.as_view(), name="api-my-logins"),
    path("users/me/sessions", users.MySessions.as_view(), name="api-my-sessions"),
    path("users/me/sessions/<uuid:session_id>", users.OneSession.as_view(), name="api-my-session"),
    path("moderation/queue", moderation.ModerationQueue.as_view(), name="api-moderation-queue"),
]
