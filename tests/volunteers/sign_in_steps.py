"""What coming in takes: the addresses, somebody with an e-mail, and the code in a letter."""

import re

from allauth.account.models import EmailAddress
from django.core import mail

from volunteers.models import Letter

LOGIN, CODE, RESET = "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"


def with_mail(person, email="ash@example.org"):
    """The same person, with an e-mail that is known to be theirs."""
    person.email = email
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def posted():
    """What leaves by mail."""
    Letter.objects.send_waiting()
    sent, mail.outbox[:] = list(mail.outbox), []
    return sent


def code_in(letter):
    """The code that a letter brings, which stands on a line of its own."""
    return re.search(r"^([A-Z0-9]{4,}-?[A-Z0-9]*)$", letter.body, re.MULTILINE).group(1)
