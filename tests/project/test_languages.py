"""Nothing is hard-coded: in a language made of nothing but disguised words, only data stands in plain letters."""

import re
from gettext import GNUTranslations
from html.parser import HTMLParser
from pathlib import Path

import django
import pytest
import time_machine
from django.conf import settings as the_settings
from django.conf.locale import LANG_INFO
from django.db import connection

from hub.models import Hub
from tests.hub.reports.numbers_world import QUARTER, TODAY, publish
from tests.messages import in_code, in_template, of_catalogue
from tests.project.access_matrix import DOORS, ROLES
from tests.project.test_no_small_counts import addresses_to_ask, world
from tests.pseudo import ACCENTED, bring, disguised, undisguised_words

HEARD = {"title", "alt", "placeholder", "aria-label", "data-label"}
# Elements whose insides nobody reads, or that hold what somebody wrote.
UNREAD = {"script", "style", "svg", "code", "bdi", "textarea"}
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "use",
    "path",
}
# The same in every language.
EVERYWHERE = {"PDF", "CSV", "XLSX", "QR", "JSON", "ODS"}
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES_OF_LANGUAGES = {
    word
    for info in LANG_INFO.values()
    for name in (info.get("name_local", ""), info.get("name_local", "").capitalize(), info.get("name", ""))
    for word in WORD.findall(name)
}
# Names of colours, of what is only there to show how a name looks, and where one leaves to unless a hub chose.
DRAWN = {
    *WORD.findall((Path(the_settings.BASE_DIR) / "static/css/tokens.css").read_text()),
    "Cam",
    *WORD.findall(Hub().leave_to),
}
# Anything that is a page of its own.
READ = {200, 409, 410, 422}


class Reader(HTMLParser):
    """What somebody reads or hears of a page: text, labels, and the words on buttons."""

    def __init__(self):
        super().__init__()
        self.said, self.within = [], []

    def handle_starttag(self, tag, attributes):
        self.said += [words for name, words in attributes if name in HEARD and words]
        kind = dict(attributes)
        if tag == "input" and kind.get("type") in ("submit", "button", "reset"):
            self.said.append(kind.get("value") or "")
        if tag not in VOID:
            self.within.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, words):
        if not UNREAD & {*self.within}:
            self.said.append(words)


def read(page):
    reader = Reader()
    reader.feed(page)
    return [" ".join(words.split()) for words in reader.said if words.strip()]


def data():
    """Every word in the database, as a pattern: what people wrote is in their own language."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying', 'jsonb')"
            " AND table_name !~ '^(django|pghistory|procrastinate|auth)'"
        )
        words = set()
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}"')  # noqa: S608 -- names of our own
            words |= {part for (value,) in cursor.fetchall() if value for part in WORD.findall(value)}
    return words


def test_template_has_every_sentence_only():
    code = in_code()
    missing = {message.words: str(path) for message, path in code.items() if message not in in_template()}
    assert missing == {}, "run `make messages`"
    assert sorted(in_template() - set(code)) == [], "run `make messages`"


PLACEHOLDER = re.compile(r"%\(\w+\)|%[sd]|\{\w*\}")


def unfit(po, mo):
    """What a translator's two files say differently, and sentences that lost what is filled in."""
    with mo.open("rb") as file:
        compiled = GNUTranslations(file)._catalog  # noqa: SLF001 -- it has no other way to look
    wrong = []
    for message, said in of_catalogue(po.read_text()):
        key = f"{message.about}\x04{message.words}" if message.about else message.words
        keys = [(key, number) for number in range(len(said))] if message.plural else [key]
        if all(said) and [compiled.get(key) for key in keys] != said:
            wrong.append(("not compiled", message.words))
        wanted = {*PLACEHOLDER.findall(message.plural or message.words)}
        if all(said) and wanted != {*PLACEHOLDER.findall(said[-1])}:
            wrong.append(("lost", message.words))
    return wrong


def test_what_translators_brought_is_compiled_and_lost_nothing():
    brought = sorted((Path(the_settings.BASE_DIR) / "locale").glob("*/LC_MESSAGES/django.po"))
    assert {str(po): unfit(po, po.with_suffix(".mo")) for po in brought} == {str(po): [] for po in brought}


def test_check_sees_stale_file_and_lost_placeholder(tmp_path):
    polish = Path(django.__file__).parent / "conf/locale/pl/LC_MESSAGES/django.po"
    changed = tmp_path / "django.po"
    changed.write_text(re.sub(r'(msgstr ".*?)%\(\w+\)s', r"\1", polish.read_text(), count=1))

    assert unfit(polish, polish.with_suffix(".mo")) == []
    assert {kind for kind, _words in unfit(changed, polish.with_suffix(".mo"))} == {"not compiled", "lost"}


def test_the_check_sees_what_is_hard_coded():
    page = '<p>Hello</p><input placeholder="Name"><button aria-label="Close">x</button><svg><text>ok</text></svg>'
    assert read(page) == ["Hello", "Name", "Close", "x"]
    assert undisguised_words(disguised("Said by %(n)d of them, %(who)s too", ACCENTED) % {"n": 3, "who": "ŵħó"}) == []
    assert undisguised_words("šáíđ by ƀý") == ["by"]


@time_machine.travel(f"{TODAY} 12:00 +0100", tick=False)
@pytest.mark.django_db
def test_every_page_uses_translatable_words(
    monkeypatch, settings, demo, client, sign_in, admin, coordinator, trainer, volunteer, trainee
):
    world(3)
    addresses = addresses_to_ask(volunteer)
    publish(QUARTER)
    bring(monkeypatch, settings)
    people = dict(zip(ROLES[1:], (trainee, volunteer, trainer, coordinator, admin), strict=True))
    said, seen = {}, set()
    for role in ROLES:
        client.logout()
        client.cookies.clear()
        if role in people:
            sign_in(client, people[role])
        client.cookies[the_settings.LANGUAGE_COOKIE_NAME] = ACCENTED
        # Each page as the first who may see it does, and as an admin, who sees most on it.
        for name, address in addresses.items():
            if getattr(DOORS[name], role) not in READ or (name in seen and role != "admin"):
                continue
            response = client.get(address)
            if "text/html" in response.headers.get("Content-Type", ""):
                seen.add(name)
                for words in read(response.content.decode()):
                    said.setdefault(words, name)

    said |= dict.fromkeys(read(client.get("/nowhere/").content.decode()), "404")

    # Read last: some pages lay out a list when they are first looked at.
    known = data() | EVERYWHERE | NAMES_OF_LANGUAGES | DRAWN
    hard_coded = {
        (name, words): wrong
        for words, name in said.items()
        if (wrong := [word for word in undisguised_words(words) if word not in known])
    }
    assert hard_coded == {}
    assert len(seen) > 120
