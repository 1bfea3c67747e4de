"""Languages: which ones the hub speaks besides English, once a person who speaks one has checked it."""

from __future__ import annotations

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.cache import cache
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

OFFERED = "languages:offered"
REMEMBERED = 60


def name_of(code: str) -> str:
    """What people who speak it call it."""
    ours = {code: str(name) for code, name in settings.LANGUAGES}
    name = str(ours.get(code) or LANG_INFO.get(code, {}).get("name_local", code))
    return name[:1].upper() + name[1:]


class LanguageQuerySet(models.QuerySet["Language"]):
    """Questions about languages."""

    def offered(self) -> frozenset[str]:
        """Codes of those anybody may choose. Each process remembers the answer for a minute.

        Where no translator has brought anything there is nothing to ask for, and nothing is asked. Without the
        database everybody reads English.
        """
        if len(settings.LANGUAGES) < 2:  # noqa: PLR2004 -- English and another
            return frozenset()
        found = cache.get(OFFERED)
        if found is None:
            try:
                found = frozenset(self.filter(is_on=True).values_list("code", flat=True)) & _brought()
            except DatabaseError:
                return frozenset()
            cache.set(OFFERED, found, REMEMBERED)
        return frozenset(found)


class Language(models.Model):
    """One language besides English. What is written in it is shown to nobody until it is switched on."""

    code = models.CharField(_("language"), max_length=12, unique=True)
    is_on = models.BooleanField(_("anybody may choose it"), default=False, editable=False)
    checked_on = models.DateField(_("checked on"), null=True, blank=True, editable=False)

    objects = LanguageQuerySet.as_manager()

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["code"]
        default_permissions = ()
        permissions = [("translate_words", "Can write the hub’s words in other languages and switch those on")]
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(code="en-gb"), name="language_besides_english"),
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(checked_on__isnull=False),
                name="language_on_only_when_checked",
                violation_error_message=_("Somebody who speaks it has to check it first."),
            ),
        ]

    def __str__(self) -> str:
        return name_of(self.code)

    @property
    def is_brought(self) -> bool:
        """Whether a translator has brought the app's own words in it."""
        return self.code in _brought()

    @property
    def is_right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        return self.code.partition("-")[0] in settings.LANGUAGES_BIDI

    def switch_on(self) -> None:
        """Somebody who speaks it has checked it today: anybody may choose it. Again only renews the day."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Language.objects.select_for_update())
            if not self.is_brought:
                raise NotAllowed(
                    _now("The app’s own words are not there in this language yet. A translator brings them first.")
                )
            self.is_on, self.checked_on = True, timezone.localdate()
            self.save(update_fields=["is_on", "checked_on"])
        cache.delete(OFFERED)

    def switch_off(self) -> None:
        """Nobody is offered it any more. What was written in it stays."""
        Language.objects.filter(pk=self.pk).update(is_on=False)
        self.is_on = False
        cache.delete(OFFERED)


def _brought() -> frozenset[str]:
    return frozenset(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


retention.keep(Language, until=retention.FOR_GOOD)
row_order.leave(Language, because=row_order.LIST)
