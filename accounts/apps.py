from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from accounts.keeping import kept_of_accounts, register_keeping

        register_keeping("accounts", kept_of_accounts)
