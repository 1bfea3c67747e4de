"""Starting services of the directory of a hub in London, with public numbers and websites. No models in here.

The numbers and websites are those that several public lists agree on; where we found none, there is none. We have rung
none of them: each starts as “not checked yet”.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class StartingPathway:
    """A starting service: its name, and the little that was published about it."""

    name: str | Promise
    website: str = ""
    phone: str = ""
    how: str | Promise = ""
    who_for: str | Promise = ""
    hours: str | Promise = ""


Start = StartingPathway

STARTING_PATHWAYS: tuple[tuple[str, Promise, tuple[StartingPathway, ...]], ...] = (
    (
        "rights",
        _("Rights, arrest, stop and search"),
        (
            Start(
                "Release",
                website="https://www.release.org.uk",
                phone="020 7324 2989",
                how=_("Their legal and drugs helpline: free, confidential, the whole country"),
            ),
        ),
    ),
    (
        "treatment",
        _("Drug treatment and prescriptions"),
        (
            Start("Change Grow Live", website="https://www.changegrowlive.org"),
            Start("Via", website="https://www.viaorg.uk"),
            Start("Turning Point", website="https://www.turning-point.co.uk"),
            Start("Cranstoun", website="https://cranstoun.org"),
            Start(_("Your borough’s own drug service")),
        ),
    ),
    (
        "bbv",
        _("HIV and hepatitis"),
        (
            Start("The Hepatitis C Trust", website="https://www.hepctrust.org.uk"),
            Start("London Joint Working Group (LJWG)", website="https://ljwg.org.uk"),
            Start("Find & Treat"),
        ),
    ),
    (
        "sexual-health",
        _("Sexual health, PrEP and PEP"),
        (
            Start("56 Dean Street", website="https://www.dean.st"),
            Start("Burrell Street"),
            Start("CliniQ", website="https://cliniq.org.uk"),
            Start("Spectra", website="https://spectra-london.org.uk"),
        ),
    ),
    (
        "chems",
        _("Chems, queer and trans"),
        (
            Start(
                _("Antidote at London Friend"), website="https://londonfriend.org.uk/antidote/", phone="020 7833 1674"
            ),
            Start(
                _("The Love Tank"),
                website="https://www.thelovetank.info",
                how=_("They run a priority way in, called SDC4ALL"),
            ),
            Start("Controlling Chemsex"),
        ),
    ),
    (
        "sex-work",
        _("Sex work"),
        (
            Start("SWARM", website="https://www.swarmcollective.org"),
            Start("English Collective of Prostitutes"),
            Start("National Ugly Mugs", website="https://nationaluglymugs.org"),
            Start("Open Doors"),
            Start("Spires Streetlink"),
        ),
    ),
    (
        "housing",
        _("Housing and sleeping rough"),
        (
            Start("StreetLink", website="https://thestreetlink.org.uk"),
            Start("Shelter", website="https://england.shelter.org.uk", phone="0808 800 4444"),
            Start("Crisis", website="https://www.crisis.org.uk"),
            Start("St Mungo’s", website="https://www.mungos.org"),
            Start(_("Your council")),
        ),
    ),
    (
        "immigration",
        _("Immigration, no recourse to public funds"),
        (
            Start("JCWI", website="https://www.jcwi.org.uk"),
            Start("Praxis", website="https://www.praxis.org.uk"),
            Start("Project 17", website="https://project17.org.uk"),
        ),
    ),
    (
        "mental-health",
        _("Mental health and crisis"),
        (
            Start("Samaritans", website="https://www.samaritans.org", phone="116 123"),
            Start("Shout", website="https://giveusashout.org", how=_("Text SHOUT to 85258")),
            Start("Mind", website="https://www.mind.org.uk"),
            Start("Maytree", website="https://www.maytree.org.uk"),
            Start(_("NHS 111"), website="https://111.nhs.uk", phone="111", how=_("Ring 111 and choose option 2")),
        ),
    ),
    (
        "wounds",
        _("Wounds and veins, a GP"),
        (
            Start("Groundswell", website="https://groundswell.org.uk"),
            Start(_("Doctors of the World clinic"), website="https://www.doctorsoftheworld.org.uk"),
        ),
    ),
    (
        "overdose",
        _("Naloxone and overdose training"),
        (Start(_("Here at the hub")), Start("naloxone.org.uk", website="https://naloxone.org.uk")),
    ),
    (
        "checking",
        _("Drug checking"),
        (
            Start(
                "WEDINOS",
                website="https://www.wedinos.org",
                how=_("By post, free and without a name; they publish the result under a number"),
                who_for=_("Anyone in the UK"),
            ),
            Start("The Loop, Bristol", website="https://wearetheloop.org", hours=_("Once a month")),
        ),
    ),
    (
        "safer-use",
        _("A place to use more safely"),
        (Start("The Thistle, Glasgow"),),
    ),
    (
        "violence",
        _("Violence at home, sexual violence"),
        (
            Start("Galop", website="https://galop.org.uk", phone="0800 999 5428"),
            Start("Solace", website="https://www.solacewomensaid.org"),
            Start("Refuge", website="https://www.nationaldahelpline.org.uk", phone="0808 2000 247"),
            Start("Respond"),
        ),
    ),
    (
        "money",
        _("Benefits, food and money"),
        (
            Start("Citizens Advice", website="https://www.citizensadvice.org.uk", phone="0800 144 8848"),
            Start(_("A food bank near you")),
        ),
    ),
    (
        "union",
        _("The union and the School"),
        (Start(_("RATS, the drug user union")),),
    ),
)
