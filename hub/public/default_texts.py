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
        _("No appointment, no papers, no name. Come in and take what you need. Stay a while or go again."),
    ),
    "help": StartingText(
        "hub:front",
        _("How to help"),
        _(
            "- Come on a shift. First you do our School. Nobody needs a certificate for what they have lived.\n- "
            "Tell us what is missing here, and help us change it.\n- Tell people we are here. Most people come "
            "because somebody told them.\n- Print our sheets and alerts. Put them up where people read them."
        ),
    ),
    "police": StartingText(
        "hub:confidentiality",
        _("What we do then"),
        _(
            "- We ask who they are and what they want. We ask for it in writing.\n- We show nothing and say "
            "nothing before we have talked to our own lawyers.\n- Nobody on a shift decides this alone. Nobody has "
            "to answer for other people.\n- We tell you that they were here, as soon as we may."
        ),
    ),
    "why": StartingText(
        "hub:why",
        _("Why this has to exist"),
        _(
            "People who use drugs do not die of drugs alone. They die because nobody may check the supply. They "
            "die because they have nowhere to go. They die because they are afraid to call for help, and because "
            "they are alone. People in power decided this. They can decide differently.\n\nStrong synthetic "
            "opioids, nitazenes among them, are now in several drug supplies in the UK. People who buy cannot know "
            "what is in it. It is hard to find a place that checks it first. Waiting for somebody in power to care "
            "did not keep our friends alive. So we opened a door.\n\n## Who it hits\n\nDrug laws were never the "
            "same for everybody. Some people are stopped and searched, or lose a home, a child or the right to "
            "stay. Others are let off with a warning. That follows race, class, borders, gender and disability. "
            "Sex workers, migrants, queer and trans people and people who are ill get the worst of it, often "
            "several times. A place against overdose must say this. If it does not, it only cleans up "
            "afterwards.\n\n## What we want instead\n\n- **Solidarity, not charity.** There are no givers on one "
            "side of the desk and takers on the other. You may come tonight for a few needles, and hold the keys "
            "next month.\n- **People who know decide.** People who use drugs run this place, and say what it is "
            "for.\n- **We ask only what we need to know.** Nobody can make us hand over what we never wrote down.\n"
            "- **No police, no punishment.** We keep each other safe without them, and we learn how.\n- **Not for "
            "ever.** We want a world in which a place like this is just a nice place to sit."
        ),
    ),
    "start-your-own": StartingText(
        "hub:why",
        _("Start your own"),
        _(
            "You do not need permission to look after each other. You need a room for one evening a week, and "
            "somebody who can give naloxone. You need new works, a sharps bin and something hot to drink. And you "
            "need four people who trust each other. That is a beginning.\n\n- **Begin with the people it is for.** "
            "If people who use drugs are not in the first meeting, it is not theirs.\n- **Learn together first.** "
            "Overdose, how to calm a fight, how to look after ourselves, and why the law is the way it is. In our "
            "School everybody gives and everybody takes.\n- **Agree what you do on a bad night** before there is "
            "one. Who calls for help? Who goes to the door? Who sits with people afterwards?\n- **Ask lawyers early** "
            "what you may give out, and write down what they say.\n- **Write down numbers, never people.** Our "
            "software is free: you can take it, change it and run it yourselves.\n\nCome and watch us work for an "
            "evening. We will show you everything, the mistakes first."
        ),
    ),
    "meetings": StartingText(
        "hub:why",
        _("Open union meetings"),
        _(
            "This place belongs to a union of people who use drugs. Its meetings are open. Come to listen, to "
            "complain, to vote, or to get warm. We talk there about what people said under Ideas.\n\nThe next date "
            "is on a sheet beside the door. You can also ask anybody at the desk."
        ),
    ),
}
