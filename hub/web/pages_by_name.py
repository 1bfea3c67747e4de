"""The hub's own pages, for search: every place where something is set up among them."""

from django.utils.translation import gettext_lazy as _

from volunteers.shared.registries import searching
from volunteers.shared.registries.searching import NamedPage, Searcher

searching.register("pages", Searcher(_("Pages and settings"), "settings", searching.find_pages))
searching.register_pages(
    NamedPage(_("Today"), "hub:today"),
    NamedPage(_("Emergency"), "hub:emergency", words=_("overdose 999 card")),
    NamedPage(_("Desk"), "hub:desk", "hub.staff_desk", _("open visits")),
    NamedPage(_("Catch up from paper"), "hub:catch-up", "hub.staff_desk", _("desk sheet")),
    NamedPage(_("Devices at the desk"), "hub:devices", "hub.staff_desk", _("settings tablet pair")),
    NamedPage(_("Set up the desk"), "hub:desk-setup", "hub.set_up_desk", _("settings questions")),
    NamedPage(_("Tiles on the desk"), "hub:desk-tiles", "hub.set_up_desk", _("settings")),
    NamedPage(
        _("The front page"), "hub:front-behind", "hub.staff_desk", _("settings notices texts words opening times")
    ),
    NamedPage(_("Posters"), "hub:posters", "hub.staff_desk", _("print wall QR")),
    NamedPage(_("Look after the alerts"), "hub:alerts-manage", "hub.add_alert", _("drug warnings")),
    NamedPage(_("Look after the directory"), "hub:pathways-manage", "hub.staff_desk", _("services where else to go")),
    NamedPage(_("Lists"), "hub:lists", "hub.change_choice", _("settings answers strips")),
    NamedPage(_("Words in other languages"), "hub:translations", "hub.translate_words", _("settings translate")),
    NamedPage(_("Ideas"), "hub:ideas", words=_("you said we did")),
    NamedPage(_("What came in"), "hub:ideas-queue", "hub.answer_idea", _("ideas read answer")),
    NamedPage(_("The next union meeting"), "hub:ideas-meeting", "hub.answer_idea", _("agenda tasks")),
    NamedPage(_("Months"), "hub:months", "hub.complete_month", _("complete totals")),
    NamedPage(_("Reports"), "hub:reports", "hub.publish_edition", _("numbers publish editions funder")),
    NamedPage(
        _("By the month, quarter or year"), "hub:report-grains", "hub.publish_edition", _("settings reports numbers")
    ),
    NamedPage(_("Numbers"), "hub:numbers", words=_("editions published")),
    NamedPage(_("Your shifts in your calendar"), "hub:calendar", words=_("settings feed subscribe")),
    NamedPage(_("What we keep about you"), "hub:held", words=_("data privacy export")),
    NamedPage(_("End all access"), "hub:lockdown", "volunteers.lock_down", _("settings sign out everybody")),
    NamedPage(_("Admin"), "admin:index", "volunteers.use_admin", _("settings name address hub cards qualifications")),
)
