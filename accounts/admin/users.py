from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.services.deletion import remove_account

# Whoever may set these can make anybody, and so also themselves, a superuser.
POWERS = ("is_moderator", "is_staff", "is_superuser", "groups", "user_permissions")


class AddUserForm(BaseUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("username", "email")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    add_form = AddUserForm
    add_form_template = None
    fieldsets = (
        (None, {"fields": ("username", "email", "claimed_email", "is_verified", "password")}),
        ("Profile", {"fields": ("display_name", "bio", "language", "time_zone")}),
        ("Permissions", {"fields": ("is_active", *POWERS)}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "email", "password1", "password2")}),)
    readonly_fields = ("claimed_email", "last_login", "date_joined")
    list_display = (
        "username",
        "email",
        "is_verified",
        "is_active",
        "is_moderator",
        "is_staff",
        "date_joined",
        "last_login",
    )
    list_filter = ("is_verified", "is_active", "is_moderator", "is_staff", "is_superuser", "date_joined")
    search_fields = ("username", "email", "claimed_email")
    ordering = ("-date_joined", "-id")
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if _is_superuser(request) else (*fields, *POWERS)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        # The one page of Django's that writes outside of a transaction.
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        remove_account(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            remove_account(user)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """The owner of the library is the services' alone; a superuser is other superusers' to change."""
    if user is None:
        return True
    return not user.is_system_owner and (_is_superuser(request) or not user.is_superuser)
