"""Every sentence is one that tired people, and people who learnt English late, understand at once.

The reading age is the Automated Readability Index plus five years: it counts letters, words and sentences, and so
needs no dictionary (Senter and Smith, 1967). Where it and sense disagree, sense wins, and the sentence is listed.
"""

import re
from html.parser import HTMLParser

import pytest

from tests.messages import in_code
from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast

# Turns that read like riddles → what to say instead.
RIDDLES = {
    r"stands? (?:here|there|on|in|at|below|above|beside|by)\b": "is shown, you see",
    r"\bwhoever\b": "the person who, people who",
    r"\bnobody[’']s\b": "say whose it is not in other words",
    r"\bpass over\b": "skip",
    r"\bas things are\b": "now",
    r"\ball the same\b": "anyway",
    r"\bunsaid\b": "not said yet",
    r"\bnothing of (?:it|this place)\b": "say it the other way round",
    r"\bthe books\b": "the stock records",
    r"\b(?:is|are|was|were) taken off\b": "is removed",
    r"\bby now\b": "already, no longer",
    r"\bnor\b": "or",
    r"\blest\b|\bhence\b|\bthereby\b|\bwherein\b|\bought\b|\bshall\b": "plain words",
    r"\bas in:": "for example:",
    r"\bset-up\b|\butili[sz]e\b|\bcommence\b|\bprior to\b|\bin order to\b|\bregarding\b": "short words",
}
RIDDLE = re.compile("|".join(RIDDLES), re.IGNORECASE)
# Where the turn is the right one; the emergency cards are as they were agreed.
RIGHT = {"do not stand in their way", "It is nobody’s fault", "should we call you", "shall we tell you"}
LONGEST = 20
PUBLIC = (
    "/", "/supplies/", "/literature/", "/alerts/", "/pathways/", "/numbers/", "/why/", "/confidentiality/",
    "/safe-online/", "/school/", "/ideas/", "/school/join/", "/accounts/login/",
)  # fmt: skip
BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "td", "th", "label", "legend", "button", "summary", "option", "a",
    "div", "section", "figcaption", "caption", "title", "header", "footer", "nav", "main", "ul", "ol", "br", "form",
}  # fmt: skip
UNREAD = {"script", "style", "template", "svg", "select", "textarea", "code"}
SENTENCE = re.compile(r"(?<=[.?!:;])\s+")


class Blocks(HTMLParser):
    """The words of a page, a block of text at a time."""

    def __init__(self):
        super().__init__()
        self.blocks, self.unread = [""], 0

    def handle_starttag(self, tag, attrs):
        self.unread += tag in UNREAD
        if tag in BLOCKS and tag != "a":
            self.blocks.append("")

    def handle_endtag(self, tag):
        self.unread -= tag in UNREAD
        if tag in BLOCKS and tag != "a":
            self.blocks.append("")

    def handle_data(self, data):
        if not self.unread:
            self.blocks[-1] += data


def sentences_of(page):
    """The sentences on a page. What ends without a full stop (a button, a heading) is none."""
    parser = Blocks()
    parser.feed(page)
    for block in parser.blocks:
        for said in SENTENCE.split(" ".join(block.split())):
            if said.endswith((".", "?", "!")):
                yield said


def reading_age(sentences):
    words = [word for said in sentences for word in re.findall(r"[\w’'-]+", said)]
    letters = sum(len(re.sub(r"\W", "", word)) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43 + 5


def test_reading_age_grows_with_long_words():
    easy, hard = ["We count this by month."], ["Notwithstanding administrative considerations, utilisation continues."]
    assert reading_age(easy) < 8
    assert reading_age(hard) > 20


def test_no_sentence_reads_like_a_riddle():
    found = {
        said: (RIDDLE.search(said)[0], str(path))
        for message, path in in_code().items()
        for said in (message.words, message.plural)
        if RIDDLE.search(said) and not any(right in said for right in RIGHT)
    }
    assert found == {}


@pytest.mark.django_db
def test_public_pages_are_short_and_easy(client, demo):
    long, hard = {}, {}
    for path in PUBLIC:
        said = list(sentences_of(client.get(path).content.decode()))
        if found := [one for one in said if len(one.split()) > LONGEST]:
            long[path] = found
        if (age := reading_age(said)) > 11:
            hard[path] = (round(age, 1), sorted(said, key=lambda one: -reading_age([one]))[:5])
    assert (long, hard) == ({}, {})


DESK = [name for name in DOORS if name.startswith("hub:desk")]
STAFF = [name for name in DOORS if name not in DESK and not name.startswith(("admin:", "account"))]


@pytest.mark.django_db
@pytest.mark.parametrize(("names", "oldest"), [(DESK, 11), (STAFF, 13)], ids=["desk", "staff"])
def test_pages_behind_the_door_read_easily(names, oldest, admin, coordinator, volunteer, demo, sign_in):
    """All sentences of a page together; a page of one or two has too few to be measured."""
    cast = Cast({"volunteer": volunteer, "coordinator": coordinator, "admin": admin}, sign_in)
    hard = {}
    for name in names:
        with cast.behind(name) as address:
            response = cast.ask("coordinator", "GET", address, follow=False)
        if response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
            said = list(sentences_of(response.content.decode()))
            if len(said) > 3 and (age := reading_age(said)) > oldest:
                hard[name] = (round(age, 1), max(said, key=lambda one: reading_age([one])))
    assert hard == {}
