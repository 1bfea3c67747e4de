"""The words the public pages start with, until the hub writes its own. No Django models in here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class StartingText:
    """One text: the page it stands on, its heading and its words."""

    page: str
    title: Promise
    body: Promise


STARTING_TEXTS = {
    "welcome": StartingText(
        "hub:front",
        _("Run by people who use drugs, for people who use drugs"),
        _("No appointment, no papers, no name. Come in, take what you need, stay a while or go again."),
    ),
    "help": StartingText(
        "hub:front",
        _("How to help"),
        _(
            "- Come on a shift. Everybody who does has been to the School first, and nobody needs a certificate "
            "for having lived.\n"
            "- Say what is missing here, and help us put it right.\n"
            "- Tell people we are here. Most come because somebody told them.\n"
            "- Print our sheets and alerts, and put them up where they are read."
        ),
    ),
    "police": StartingText(
        "hub:confidentiality",
        _("What we do then"),
        _(
            "- We ask who they are and what they want, and to have it in writing.\n"
            "- We show nothing and say nothing before we have talked to lawyers of our choice.\n"
            "- Nobody on a shift decides that alone, and nobody has to answer for anybody else.\n"
            "- We tell you that they were here, as soon as we may."
        ),
    ),
    "why": StartingText(
        "hub:why",
        _("Why this has to exist"),
        _(
            "People who use drugs do not die of drugs alone. They die of a supply nobody may check, of having "
            "nowhere to go, of being afraid to ring for help, and of being alone. Those are decisions. Somebody "
            "took them, and they can be taken differently.\n\n"
            "Strong synthetic opioids, nitazenes among them, have got into several drug supplies in the UK. Whoever "
            "buys cannot know what is in it, and a place that checks it first is hard to find. Waiting until somebody "
            "in charge minds was never going to keep our friends alive. So we opened a door.\n\n"
            "## Whom it falls on\n\n"
            "Drug laws were never the same for everybody. Who is stopped and searched, who loses a home, a child or "
            "the right to stay, and who is let off with a word: that follows race, class, borders, gender and "
            "disability. Sex workers, migrants, queer and trans people and people who are ill get the worst of it, "
            "often several times over. A place against overdose that is silent about this would only mop the floor.\n\n"
            "## What we want instead\n\n"
            "- **Solidarity, not charity.** There is no desk with givers on one side and takers on the other. Who "
            "comes tonight for a few needles may hold the keys next month.\n"
            "- **Those who know decide.** People who use drugs run this place, and say what it is for.\n"
            "- **Nothing asked that need not be known.** What nobody wrote down, nobody can be made to hand over.\n"
            "- **No police, no punishment.** We keep each other safe without either, and we learn how.\n"
            "- **Not for ever.** We want a world in which a place like this is just somewhere nice to sit."
        ),
    ),
    "start-your-own": StartingText(
        "hub:why",
        _("Start your own"),
        _(
            "You do not need permission to look after each other. A room for one evening a week, somebody who can "
            "give naloxone, new works, a sharps bin, something hot to drink, and four people who trust each other "
            "are a beginning.\n\n"
            "- **Begin with those it is for.** If people who use drugs are not in the first meeting, it is not "
            "theirs.\n"
            "- **Learn together first.** Overdose, calming a fight down, looking after ourselves, and why the law is "
            "the way it is. Ours is a school everybody gives and everybody takes.\n"
            "- **Agree what happens on a bad night** before there is one: who rings for help, who goes to the door, "
            "who sits with whom afterwards.\n"
            "- **Ask lawyers early** about what may be given out, and write down what they say.\n"
            "- **Write down numbers, never people.** What we run this place with is free to take, to change and to "
            "run yourselves.\n\n"
            "Come and look over our shoulder for an evening. We will show you everything, the mistakes first."
        ),
    ),
    "meetings": StartingText(
        "hub:why",
        _("Open union meetings"),
        _(
            "This place belongs to a union of people who use drugs. Its meetings are open: to listen, to complain, "
            "to vote, or for the warmth. What was said under Ideas is talked about there.\n\n"
            "The next date hangs beside the door, and anybody at the desk knows it."
        ),
    ),
}
