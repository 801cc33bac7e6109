"""Django's command, with the rule of the house: a password that somebody else set holds for one sign-in."""

from django.contrib.auth import get_user_model
from django.contrib.auth.management.commands import changepassword

from grids.open_sign_ins import end_all


class Command(changepassword.Command):
    help = "Sets a password on the server. The person has to change it at the next sign-in, and is signed out everywhere."

    def handle(self, *args, **options):
        said = super().handle(*args, **options)
        accounts = get_user_model().objects.filter(username=options["username"])
        # A PIN's phone would be asked for with the new password too.
        accounts.update(must_change_password=True, pin_device="")
        for user in accounts:
            end_all(user)
        return said
