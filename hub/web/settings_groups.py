"""Everything a hub sets up, in groups: the columns of its three rows of settings, and the pages of everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.core.hub import Hub
from hub.desk.models.settings import DeskSettings
from volunteers.holiday_regions import list_regions, name_region
from volunteers.models import RotaSettings
from volunteers.shared import locality
from volunteers.shared.forms.edits import EditForm
from volunteers.shared.forms.fields import DayField, WholeField

Settings = Hub | RotaSettings | DeskSettings


@dataclass(frozen=True)
class SettingsGroup:
    """Some columns of one row of settings, which one form changes."""

    slug: str
    title: Promise
    model: type[Settings]
    permission: str
    fields: tuple[str, ...]

    def load(self) -> Settings:
        """The row as it is, or with the defaults."""
        return self.model.current()

    def list_values(self, row: Settings) -> Iterator[SettingValue]:
        """Each column with its words and its value."""
        for name in self.fields:
            field = row._meta.get_field(name)  # noqa: SLF001 -- Django's own public name for it
            yield SettingValue(
                f"{row._meta.model_name}-{name}",  # noqa: SLF001 -- the same
                str(field.verbose_name),  # type: ignore[union-attr]
                say_value(row, name),
            )

    def build_form(self, row: Settings, data: Any = None) -> SettingsForm:
        """The form that changes them."""
        made: Any = forms.modelform_factory(
            self.model,
            form=SettingsForm,
            fields=self.fields,
            field_classes={name: FIELD_CLASSES[kind] for name, kind in self._list_kinds() if kind in FIELD_CLASSES},
        )
        form: SettingsForm = made(data, instance=row)
        return form

    def _list_kinds(self) -> Iterator[tuple[str, type]]:
        for name in self.fields:
            field = self.model._meta.get_field(name)  # noqa: SLF001 -- Django's own public name for it
            if not field.choices:  # type: ignore[union-attr]
                yield name, type(field)


@dataclass(frozen=True)
class SettingValue:
    """One setting on the page: where on it, what it is, and what it is now."""

    anchor: str
    label: str
    value: str


@dataclass(frozen=True)
class SettingsPage:
    """What has pages of its own: what it is, the address, and who may change it."""

    title: Promise
    about: Promise
    url_name: str
    permission: str
    anchor: str = ""


class SettingsForm(EditForm, forms.ModelForm):
    """A form over one row; it takes places from lists, where there are any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer time zones and regions instead of asking for their codes."""
        super().__init__(*args, **kwargs)
        for name, choices in (("time_zone", _list_zones), ("bank_holidays", list_regions)):
            if name in self.fields:
                old = self.fields[name]
                self.fields[name] = forms.ChoiceField(
                    label=old.label,
                    choices=choices,
                    required=old.required,
                    initial=old.initial,
                    help_text=old.help_text if name == "time_zone" else "",
                )
        if "trained" in self.fields:
            self.fields["trained"].empty_label = _("Do not name anybody")  # type: ignore[attr-defined]


FIELD_CLASSES: dict[type, type[forms.Field]] = {
    models.DateField: DayField,
    models.PositiveSmallIntegerField: WholeField,
}
HUB_FIELDS = (
    ("hub", _("The hub"), ("name", "address", "door", "nearest_naloxone")),
    ("emergency", _("Emergency calls"), ("emergency_number", "words_for_999", "words_agreed_on")),
    (
        "front",
        _("The front page"),
        ("usual_hours", "show_address", "ask_where", "way_in", "search_engines", "leave_to"),
    ),
    ("country", _("Country and clock"), ("time_zone", "clock", "first_weekday")),
    ("money", _("Money"), ("currency", "give_to")),
    ("records", _("What is held about people"), ("controller",)),
    ("services", _("Where else to go"), ("pathway_days",)),
)
GROUPS = (
    *(SettingsGroup(slug, title, Hub, "hub.change_hub", fields) for slug, title, fields in HUB_FIELDS),
    SettingsGroup(
        "rota",
        _("The rota"),
        RotaSettings,
        "volunteers.change_rotasettings",
        (
            "who_decides",
            "weeks_ahead",
            "rest_hours",
            "most_a_week",
            "close_hours",
            "reminder_hours",
            "bank_holidays",
        ),
    ),
    SettingsGroup("desk", _("The desk"), DeskSettings, "hub.set_up_desk", ("checklist", "trained")),
)
PAGES = (
    SettingsPage(
        _("Emergency cards"),
        _("The steps on every card, and the day you went through it."),
        "admin:hub_emergencycard_changelist",
        "hub.change_emergencycard",
        "cards",
    ),
    SettingsPage(_("Questions"), _("What the desk may ask, and until when."), "hub:desk-setup", "hub.set_up_desk"),
    SettingsPage(_("Tiles"), _("Which supplies have a place on the desk."), "hub:desk-tiles", "hub.set_up_desk"),
    SettingsPage(_("Lists"), _("The answers that people choose from."), "hub:lists", "hub.change_choice"),
    SettingsPage(_("Texts"), _("The words of the public pages."), "hub:front-behind", "hub.change_text"),
    SettingsPage(_("Languages"), _("Your words in other languages."), "hub:translations", "hub.translate_words"),
    SettingsPage(_("Services"), _("Where else people can go."), "hub:pathways-manage", "hub.change_pathway"),
    SettingsPage(
        _("Reports"), _("What reports show by month, quarter or year."), "hub:report-grains", "hub.publish_edition"
    ),
    SettingsPage(
        _("Curriculum"), _("The courses and topics of the School."), "school:curriculum", "school.change_curriculum"
    ),
    SettingsPage(_("Patterns"), _("The shifts that come again every week."), "rota:patterns", "volunteers.plan_rota"),
    SettingsPage(
        _("Qualifications"),
        _("What a person can hold, and when it has to be refreshed."),
        "admin:volunteers_qualification_changelist",
        "volunteers.change_qualification",
    ),
    SettingsPage(_("Supplies"), _("The catalogue."), "admin:supplies_item_changelist", "supplies.change_item"),
    SettingsPage(
        _("Stores"), _("Where supplies are kept."), "admin:supplies_store_changelist", "supplies.change_store"
    ),
    SettingsPage(_("Suppliers"), _("Where supplies come from."), "supplies:suppliers", "supplies.manage_orders"),
    SettingsPage(_("Funds"), _("Where money comes from."), "supplies:funds", "supplies.see_money"),
    SettingsPage(_("People and roles"), _("Who may do what."), "volunteers:people", "volunteers.view_user"),
    SettingsPage(_("Tablets"), _("Devices of the desk."), "hub:devices", "hub.staff_desk"),
)


def say_value(row: Settings, name: str) -> str:
    """The value of a setting as people read it; “not set” for nothing."""
    value = getattr(row, name)
    if name == "bank_holidays":
        return name_region(value)
    if name == "currency":
        return locality.known().money_sign
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if isinstance(row._meta.get_field(name), models.DateField):  # noqa: SLF001 -- Django's own public name for it
        return date_format(value) if value else _now("not yet")
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value) if value not in (None, "") else _now("not set")


def _list_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones by continent."""
    named = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [
        (continent, [(name, name.replace("_", " ")) for name in names])
        for continent, names in groupby(named, key=lambda name: name.partition("/")[0])
    ]
