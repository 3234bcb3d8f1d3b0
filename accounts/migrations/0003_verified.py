from django.db import migrations
from django.db.models import Q

SYSTEM_OWNER = "GW2Optimizer"


def vouch(apps, schema_editor):
    """The library's owner publishes, and whoever made an admin at a terminal needed no letter."""
    users = apps.get_model("accounts", "User").objects
    users.filter(Q(username=SYSTEM_OWNER) | Q(is_superuser=True)).update(is_verified=True)


def give_addresses(apps, schema_editor):
    """Before this, each account had an address of its own: the claimed one where it is free, else one of nobody."""
    User = apps.get_model("accounts", "User")
    taken = {email.lower() for email in User.objects.exclude(email=None).values_list("email", flat=True)}
    for user in User.objects.filter(email=None).order_by("date_joined", "id"):
        address = user.claimed_email
        if not address or address.lower() in taken:
            address = f"{user.pk.hex}@unverified.invalid"
        taken.add(address.lower())
        User.objects.filter(pk=user.pk).update(email=address)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_accounts")]

    operations = [migrations.RunPython(vouch, give_addresses)]
