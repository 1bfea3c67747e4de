"""Starting services of the directory of a hub in London: names and kinds, with hardly a fact. No models in here.

We have checked none of them. Each starts as “check before use”, without number, address or hours.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class StartingPathway:
    """A starting service: its name, and the little that was published about it."""

    name: str | Promise
    how: str | Promise = ""
    who_for: str | Promise = ""
    hours: str | Promise = ""


Start = StartingPathway

STARTING_PATHWAYS: tuple[tuple[str, Promise, tuple[StartingPathway, ...]], ...] = (
    (
        "rights",
        _("Rights, arrest, stop and search"),
        (Start("Release", how=_("Their legal and drugs helpline: free, confidential, the whole country")),),
    ),
    (
        "treatment",
        _("Drug treatment and prescriptions"),
        (
            Start("Change Grow Live"),
            Start("Via"),
            Start("Turning Point"),
            Start("Cranstoun"),
            Start(_("Your borough’s own drug service")),
        ),
    ),
    (
        "bbv",
        _("HIV and hepatitis"),
        (
            Start("The Hepatitis C Trust"),
            Start("London Joint Working Group (LJWG)"),
            Start("Find & Treat"),
        ),
    ),
    (
        "sexual-health",
        _("Sexual health, PrEP and PEP"),
        (Start("56 Dean Street"), Start("Burrell Street"), Start("CliniQ"), Start("Spectra")),
    ),
    (
        "chems",
        _("Chems, queer and trans"),
        (
            Start(_("Antidote at London Friend")),
            Start(_("The Love Tank"), how=_("They run a priority way in, called SDC4ALL")),
            Start("Controlling Chemsex"),
        ),
    ),
    (
        "sex-work",
        _("Sex work"),
        (
            Start("SWARM"),
            Start("English Collective of Prostitutes"),
            Start("National Ugly Mugs"),
            Start("Open Doors"),
            Start("Spires Streetlink"),
        ),
    ),
    (
        "housing",
        _("Housing and sleeping rough"),
        (Start("StreetLink"), Start("Shelter"), Start("Crisis"), Start("St Mungo’s"), Start(_("Your council"))),
    ),
    (
        "immigration",
        _("Immigration, no recourse to public funds"),
        (Start("JCWI"), Start("Praxis"), Start("Project 17")),
    ),
    (
        "mental-health",
        _("Mental health and crisis"),
        (
            Start("Samaritans"),
            Start("Shout"),
            Start("Mind"),
            Start("Maytree"),
            Start(_("NHS 111"), how=_("Ring 111 and choose option 2")),
        ),
    ),
    (
        "wounds",
        _("Wounds and veins, a GP"),
        (Start("Groundswell"), Start(_("Doctors of the World clinic"))),
    ),
    (
        "overdose",
        _("Naloxone and overdose training"),
        (Start(_("Here at the hub")), Start("naloxone.org.uk")),
    ),
    (
        "checking",
        _("Drug checking"),
        (
            Start(
                "WEDINOS",
                how=_("By post, free and without a name; they publish the result under a number"),
                who_for=_("Anyone in the UK"),
            ),
            Start("The Loop, Bristol", hours=_("Once a month")),
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
        (Start("Galop"), Start("Solace"), Start("Refuge"), Start("Respond")),
    ),
    (
        "money",
        _("Benefits, food and money"),
        (Start("Citizens Advice"), Start(_("A food bank near you"))),
    ),
    (
        "union",
        _("The union and the School"),
        (Start(_("RATS, the drug user union")),),
    ),
)
