"""The first minute in production."""

import io
import sys
from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from hub.core.choices import Choice
from hub.core.hub import Hub
from hub.directory.models.emergency_cards import EmergencyCard
from hub.directory.models.services import Pathway
from hub.logs.models.strips import Strip
from supplies.models import Item
from volunteers.models import Invitation, Qualification, User
from volunteers.models.people_queryset import RoleName


class Command(BaseCommand):
    """Names the hub, lays out what every hub starts with, and lets its first admin in by a link that works once.

    All of it or nothing, and never twice: with an admin there already it changes nothing.
    """

    help = "Set up an empty hub: its name and address, the catalogue without people, and a link for its first admin."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whatever is not given is asked."""
        parser.add_argument("--name", help="what the hub is called")
        parser.add_argument("--address", help="its address, as you would say it to an ambulance")
        parser.add_argument("--admin", help="what people call the first admin")
        parser.add_argument("--new-link", action="store_true", help="a new link for a first admin who has not come in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set it up and print the way in. Right after `docker compose up` the tables may still be in the making."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not laid out yet: wait a moment, or run `manage.py migrate` first.")
        self.show(self.set_up(options))

    @transaction.atomic
    def set_up(self, options: dict[str, Any]) -> Invitation:
        """The invitation of the first admin, one way or the other."""
        User.objects.wait_for_admins()
        admins = User.objects.filter(groups__name=RoleName.ADMIN)
        if options["new_link"]:
            return Invitation.renew(self.waiting(list(admins)))
        if admins.exists():
            raise CommandError("This hub has an admin already. A first admin who has not come in yet: --new-link.")
        return self.begin(options)

    def begin(self, options: dict[str, Any]) -> Invitation:
        """Everything a hub starts with."""
        name = self.answer(options["name"], "What is the hub called?", (Hub, "name"))
        address = self.answer(options["address"], "Its address, as you would say it to an ambulance?", (Hub, "address"))
        chosen_name = self.answer(options["admin"], "What do people call its first admin?", (User, "chosen_name"))
        Hub.objects.update_or_create(pk=1, defaults={"name": name, "address": address})
        Qualification.objects.lay_out()
        EmergencyCard.objects.lay_out()
        Item.objects.add_default_catalogue()
        Choice.objects.lay_out()
        Strip.objects.lay_out()
        Pathway.objects.lay_out()
        return Invitation.objects.invite(chosen_name, by=None, roles=[RoleName.ADMIN])

    def answer(self, given: str | None, question: str, kept_as: tuple[type[Model], str]) -> str:
        """Return the given answer, or the typed one. Raises CommandError if it is empty or too long."""
        if given is None and sys.stdin.isatty():
            given = input(f"{question} ")
        if not (given or "").strip():
            raise CommandError("Say --name, --address and --admin, or run it where somebody can answer.")
        answer, (model, field) = str(given).strip(), kept_as
        instance = model(**{field: answer})
        try:
            instance.clean_fields(exclude={other.name for other in instance._meta.fields} - {field})  # noqa: SLF001 -- Django's own public name for it
        except ValidationError as problem:
            raise CommandError(f"{question} {' '.join(problem.messages)}") from None
        return answer

    def waiting(self, admins: list[User]) -> User:
        """The one admin, who has not come in yet."""
        if len(admins) != 1 or admins[0].can_get_in:
            raise CommandError("There is no first admin still waiting to come in.")
        return admins[0]

    def show(self, invitation: Invitation) -> None:
        """Print the link, and its QR code for a phone."""
        self.stdout.write(f"{invitation.person} comes in here, once, within a week:\n\n{invitation.link()}\n")
        square = io.StringIO()
        segno.make(invitation.link()).terminal(out=square, compact=True)
        self.stdout.write(square.getvalue())
        self.stdout.write("Then invite a second admin: one person falling ill must not lock the hub.")
