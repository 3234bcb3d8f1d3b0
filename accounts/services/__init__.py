from accounts.services.registration import register_user, system_owner

__all__ = ["register_user", "system_owner"]
