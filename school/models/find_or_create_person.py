"""People a trainer names: found among those we know, or made an account with no role. A chosen name is enough."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _now

from school.person_lines import LineProblem, PersonLine
from volunteers.models import Invitation, User
from volunteers.models.namesakes import tell_apart
from volunteers.shared.refusals import NotAllowed

LINE_REFUSALS = {
    LineProblem.NO_NAME: lambda: _now("This line has no name. Write the name first, then a comma and the e-mail."),
    LineProblem.TOO_LONG: lambda: _now("That name is longer than sixty letters."),
    LineProblem.EMAIL: lambda: _now(
        "That e-mail does not look right. Write one person on each line: a name, then one e-mail or nothing."
    ),
    LineProblem.TWICE: lambda: _now(
        "This line is here twice. If it is another person with the same name, write + first."
    ),
    LineProblem.TOO_MANY: lambda: _now("You can send two hundred lines at once. Send these later."),
    LineProblem.UNREADABLE: lambda: _now("We cannot read something in this line."),
}


@transaction.atomic
def find_or_create_person(line: PersonLine) -> tuple[User, bool]:
    """Find or create the person this line names. Returns them, and whether they are new.

    An e-mail finds its person. A name finds the one person who has it; several of that name are not guessed between.
    Somebody new with an e-mail is invited there.
    """
    if line.problem:
        raise NotAllowed(LINE_REFUSALS[line.problem]())
    _wait_for_others()
    if line.sign_in:
        known = User.objects.active().filter(username__reads=line.sign_in).first()
        if known is None:
            raise NotAllowed(_now("Nobody signs in with that name."))
        return known, False
    if line.email and (known := _by_email(line.email)):
        return known, False
    known = None if line.new else _by_name(line)
    return (known, False) if known else (create_person(line.name, line.email), True)


def create_person(name: str, email: str = "") -> User:
    """Create an account with no role, and send an invitation if there is an e-mail."""
    try:
        person: User = User.objects.create_user(f"new-{get_random_string(12).lower()}", chosen_name=name)
    except ValidationError as problem:
        raise NotAllowed(problem.messages) from None
    if email:
        Invitation.renew(person, email=email).send()
    return person


@transaction.atomic
def correct_email(person: User, email: str) -> None:
    """Send the invitation of somebody who has not come in yet to another address; the old link stops working.

    Whoever has come in changes their own.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.can_get_in or person.role_names:
        raise NotAllowed(_now("They have an account. They change their e-mail themselves."))
    Invitation.renew(person, email=email).send()


def _by_name(line: PersonLine) -> User | None:
    """The one person of this name, or the one whose number the line gives; None if nobody is called so."""
    named = list(User.objects.active().filter(chosen_name__reads=line.name).order_by("pk"))
    if line.which is not None:
        named = [person for person in named if person.pk == line.which]
        if not named:
            raise NotAllowed(_now("Nobody called %(name)s has that number.") % {"name": line.name})
    if len(named) > 1:
        raise NotAllowed(_list_namesakes(line.name, named))
    if named and line.email:
        raise NotAllowed(
            _now(
                "We already know somebody called %(name)s. If it is them, leave out the e-mail. If it is somebody "
                "else, write + first."
            )
            % {"name": line.name}
        )
    return named[0] if named else None


def _list_namesakes(name: str, people: list[User]) -> str:
    """The sentence that says how to write which of these is meant; whoever runs the School can follow it."""
    told = tell_apart(people, timezone.now())
    ways = [
        _now("“%(name)s =%(number)d” for %(what)s") % {"name": name, "number": person.pk, "what": told[person.pk]}
        for person in people
    ]
    return _now("We know more than one person called %(name)s. Write %(ways)s.") % {
        "name": name,
        "ways": "; ".join(ways),
    }


def _wait_for_others() -> None:
    """Until the transaction ends nobody else names people, so that two with one list make nobody twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('school.find_or_create_person'))")


def _by_email(email: str) -> User | None:
    person: User | None = User.objects.active().filter(email=email).first()
    if person is None:
        invitation = Invitation.objects.filter(email=email, person__is_active=True).select_related("person").first()
        person = invitation.person if invitation else None
    if person is None:
        address = EmailAddress.objects.filter(email=email, verified=True, user__is_active=True).first()
        person = address.user if address else None
    return person
