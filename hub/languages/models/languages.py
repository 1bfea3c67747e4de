"""Languages of the pages besides English, each switched on once a speaker has checked it."""

from __future__ import annotations

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.cache import caches
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

OFFERED_CACHE_KEY = "languages:offered"
OFFERED_CACHE_TTL = 60


def language_name(code: str) -> str:
    """The name of a language in that language."""
    configured = {code: str(name) for code, name in settings.LANGUAGES}
    name = str(configured.get(code) or LANG_INFO.get(code, {}).get("name_local", code))
    return name[:1].upper() + name[1:]


class LanguageQuerySet(models.QuerySet["Language"]):
    """Queries on languages."""

    def offered(self) -> frozenset[str]:
        """Codes of the languages that anybody may choose, cached for a minute in each process.

        Without message catalogues there is no query. Without the database the answer is empty: English only.
        """
        if len(settings.LANGUAGES) < 2:  # noqa: PLR2004 -- English and another
            return frozenset()
        codes = caches["memory"].get(OFFERED_CACHE_KEY)
        if codes is None:
            try:
                codes = frozenset(self.filter(is_on=True).values_list("code", flat=True)) & _codes_with_catalogue()
            except DatabaseError:
                return frozenset()
            caches["memory"].set(OFFERED_CACHE_KEY, codes, OFFERED_CACHE_TTL)
        return frozenset(codes)


class Language(models.Model):
    """A language besides English. Its translations are shown once it is switched on."""

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
                violation_error_message=_("Somebody who speaks it must check it first."),
            ),
        ]

    def __str__(self) -> str:
        return language_name(self.code)

    @property
    def has_catalogue(self) -> bool:
        """Whether the app's own texts have a message catalogue in it."""
        return self.code in _codes_with_catalogue()

    @property
    def is_right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        return self.code.partition("-")[0] in settings.LANGUAGES_BIDI

    def switch_on(self) -> None:
        """Offer the language to everybody, as checked today. A second call renews the day."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Language.objects.select_for_update())
            if not self.has_catalogue:
                raise NotAllowed(_now("The app has no words in this language yet. A translator must add them first."))
            self.is_on, self.checked_on = True, timezone.localdate()
            self.save(update_fields=["is_on", "checked_on"])
        caches["memory"].delete(OFFERED_CACHE_KEY)

    def switch_off(self) -> None:
        """Stop offering the language. Its translations stay."""
        Language.objects.filter(pk=self.pk).update(is_on=False)
        self.is_on = False
        caches["memory"].delete(OFFERED_CACHE_KEY)


def _codes_with_catalogue() -> frozenset[str]:
    return frozenset(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


retention.keep(Language, until=retention.FOR_GOOD)
row_order.leave(Language, because=row_order.LIST)
