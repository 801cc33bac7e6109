"""Takes a lost second factor off an account, on the server: for a superuser whom nobody else could help."""

from django.core.management.base import BaseCommand, CommandError

from grids.models import User
from grids.second_factor import has_factor, take_off_on_the_server


class Command(BaseCommand):
    help = "Takes the second factor off an account whose phone and recovery codes are lost, and signs it out everywhere."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None or not has_factor(user):
            raise CommandError(f"“{username}” is no account with a second factor.")
        take_off_on_the_server(user)
        self.stdout.write(f"The second factor of {username} is off.")
