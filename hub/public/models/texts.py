"""Texts: words of the hub's own on its public pages, which its people change on a page made for it."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.public.default_texts import STARTING_TEXTS
from hub.public.markdown import as_html
from volunteers.shared.refusals import NotAllowed
from volunteers.shared.registries import retention, row_order

LONGEST = 8000


# Who changed what is in the history, for us. Of it the page says the day.
@pghistory.track(exclude=["changed_on"])
class Text(models.Model):
    """One text: a heading, and words with very little markup. Until somebody writes one, a starting text is there."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    title = models.CharField(_("heading"), max_length=80)
    body = models.TextField(
        _("words"),
        max_length=LONGEST,
        help_text=_("An empty line starts a paragraph. “- ” starts a point, “## ” a heading, **two stars** make bold."),
    )
    changed_on = models.DateField(_("last changed"), null=True, blank=True, editable=False)

    STARTING: ClassVar = STARTING_TEXTS

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        default_permissions = ("change",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""),
                name="text_says_something",
                violation_error_message=_("A text needs a heading and words."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page it stands on."""
        return reverse(STARTING_TEXTS[self.slug].page)

    @classmethod
    def called(cls, *slugs: str) -> list[Text]:
        """These texts, in this order; one nobody has written yet is the starting one, not saved. One statement."""
        written = {text.slug: text for text in cls.objects.filter(slug__in=slugs)}
        return [written.get(slug) or cls.starting(slug) for slug in slugs]

    @classmethod
    def starting(cls, slug: str) -> Text:
        """The text a hub starts with."""
        start = STARTING_TEXTS[slug]
        return cls(slug=slug, title=str(start.title), body=str(start.body))

    @property
    def html(self) -> SafeString:
        """The words as they stand on the page."""
        return as_html(self.body)

    @cached_property
    def mark(self) -> str:
        """A hash that tells these words from any others."""
        return hashlib.sha256(f"{self.title}\n{self.body}".encode()).hexdigest()[:16]

    @classmethod
    @transaction.atomic
    def write(cls, slug: str, *, title: str, body: str, instead_of: str) -> Text:
        """Put these words in the place of those with that mark. The same words again change nothing.

        Raises NotAllowed if somebody has changed them meanwhile: then both of them should be looked at.
        """
        with translation.override(settings.LANGUAGE_CODE):
            start = cls.starting(slug)
        # Words as they stand already, so that there is a row to lock, and no day on it yet.
        Text.objects.bulk_create([start], ignore_conflicts=True)
        text = cls.objects.select_for_update().get(slug=slug)
        if (text.title, text.body) == (title, body):
            return text
        if text.mark != instead_of:
            raise NotAllowed(
                _now("Somebody has changed it since you opened it. Their words are below. Yours are still here.")
            )
        text.title, text.body, text.changed_on = title, body, timezone.localdate()
        text.save()
        return text


retention.keep(Text, until=retention.FOR_GOOD)
row_order.leave(Text, because=row_order.LIST)
