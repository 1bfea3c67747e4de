"""Every mail about an account: plain, ours, and silent about this place."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from django.core import mail
from django.template.loader import get_template

from volunteers.models import Letter

ALLAUTH = Path(allauth.__file__).parent / "templates"
GIVES_AWAY = re.compile(
    r"\bhub\b|school|harm|reduction|drug|needle|volunteer|coordinator|shift|example\.com|testserver|Ash\b|203\.0\.113|Teapot",
    re.IGNORECASE,
)
# Sent only by parts of allauth that have no page here: signing up, links for passwords, mail to strangers.
NEVER_SENT = {
    "account/email/account_already_exists",
    "account/email/email_confirmation_signup",
    "account/email/password_reset_key",
    "account/email/unknown_account",
}
SENT = sorted(
    str(path.relative_to(ALLAUTH)).removesuffix("_message.txt")
    for app in ("account", "mfa")
    for path in (ALLAUTH / app / "email").glob("*_message.txt")
    if not path.name.startswith("base_")
)
CONTEXT = {
    "code": "QXTR-HRT7",
    "activate_url": "https://a.example/accounts/email/x/",
    "ip": "203.0.113.9",
    "user_agent": "Teapot",
    "from_email": "ash@example.com",
    "to_email": "ash2@example.com",
    "deleted_email": "ash@example.com",
}


@pytest.mark.parametrize("letter", sorted(set(SENT) - NEVER_SENT))
def test_letter_gives_nobody_away(letter, db, rf, volunteer, settings):
    settings.ALLOWED_HOSTS = ["hub.example"]
    request = rf.get("/", HTTP_HOST="hub.example")
    get_adapter(request).send_mail(letter, "ash@example.org", {**CONTEXT, "user": volunteer, "request": request})
    Letter.objects.send_waiting()

    (sent,) = mail.outbox
    assert (sent.subject, sent.from_email, sent.to) == (
        "A message for you",
        settings.DEFAULT_FROM_EMAIL,
        ["ash@example.org"],
    )
    assert sent.message().get_content_type() == "text/plain"
    assert sent.body.startswith("Hello,\n\n")
    assert GIVES_AWAY.search(sent.body) is None


@pytest.mark.parametrize("letter", sorted(set(SENT) - NEVER_SENT))
def test_letter_is_our_text_and_not_the_librarys(letter):
    assert "site-packages" not in get_template(f"{letter}_message.txt").origin.name


def test_list_of_letters_is_whole():
    assert len(SENT) == 18
    assert set(SENT) > NEVER_SENT


def test_sender_is_a_bare_address(settings):
    assert "<" not in settings.DEFAULT_FROM_EMAIL
    assert " " not in settings.DEFAULT_FROM_EMAIL
