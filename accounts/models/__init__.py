from accounts.models.activity import Activity
from accounts.models.login_tokens import TokenFamily, UsedRefresh
from accounts.models.logins import LoginAttempt
from accounts.models.mails import Mail
from accounts.models.moderation import Hideable, HideableQuerySet, Report
from accounts.models.second_factor import RecoveryCode, SecondFactor
from accounts.models.sessions import Session
from accounts.models.staff_acts import StaffAct
from accounts.models.tokens import PersonalToken
from accounts.models.user import (
    EMAIL_TAKEN,
    NAME_RESERVED,
    USERNAME_TAKEN,
    User,
    default_preferences,
    validate_address_characters,
)

__all__ = [
    "EMAIL_TAKEN",
    "NAME_RESERVED",
    "USERNAME_TAKEN",
    "Activity",
    "Hideable",
    "HideableQuerySet",
    "LoginAttempt",
    "Mail",
    "PersonalToken",
    "RecoveryCode",
    "Report",
    "SecondFactor",
    "Session",
    "StaffAct",
    "TokenFamily",
    "UsedRefresh",
    "User",
    "default_preferences",
    "validate_address_characters",
]
