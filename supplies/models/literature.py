"""Literature: leaflets and cards, their language and edition, and the file to print more from."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from volunteers.shared.registries import retention, row_order

MAX_FILE_BYTES = 5 * 1024 * 1024

# Every PDF begins with its version and ends with a mark; some programs put a few bytes before or after.
PDF_HEAD, PDF_TAIL, PDF_MARGIN = b"%PDF-", b"%%EOF", 1024


class LeafletQuerySet(models.QuerySet["Leaflet"]):
    """Questions about leaflets."""

    def public(self) -> LeafletQuerySet:
        """Leaflets on the public list, by language, each with the size of its file, which is not read for it."""
        known = self.filter(item__withdrawn=False, item__public=True).select_related("item")
        sized: dict[str, Any] = {"bytes": Length("file__content")}
        leaflets: LeafletQuerySet = known.annotate(**sized).order_by("language", "item__name__sorted", "pk")
        return leaflets


@pghistory.track()
class Leaflet(models.Model):
    """The language and edition of an item that is read. Its title is the item's name.

    A lot's number is the edition printed on it: lots of another edition are old, and flagged.
    """

    item = models.OneToOneField(
        "supplies.Item", verbose_name=_("item"), on_delete=models.PROTECT, related_name="leaflet", primary_key=True
    )
    language = models.CharField(
        _("language"),
        max_length=40,
        default="English",
        help_text=_("The name in that language, as its readers write it."),
    )
    edition = models.CharField(
        _("edition"), max_length=60, blank=True, help_text=_("As printed on it: “March 2026”, “3”.")
    )
    review_on = models.DateField(
        _("check it again by"), null=True, blank=True, help_text=_("From this day on, it is marked as out of date.")
    )

    objects = LeafletQuerySet.as_manager()

    class Meta:
        verbose_name = _("leaflet")
        verbose_name_plural = _("leaflets")
        default_permissions = ("change",)
        constraints = [models.CheckConstraint(condition=~Q(language=""), name="leaflet_language_given")]

    def __str__(self) -> str:
        return f"{self.language} {self.edition}".strip()

    def is_out_of_date(self, on: dt.date) -> bool:
        """Whether its review was due by this day."""
        return self.review_on is not None and self.review_on <= on

    @transaction.atomic
    def keep_file(self, content: bytes) -> None:
        """Save this PDF in place of the last one."""
        LeafletFile.objects.update_or_create(
            leaflet=self, defaults={"content": content, "digest": hashlib.sha256(content).hexdigest()}
        )

    def drop_file(self) -> None:
        """Delete the PDF."""
        LeafletFile.objects.filter(leaflet=self).delete()


class LeafletFile(models.Model):
    """The PDF of a leaflet.

    In a table of its own, so that no list reads it; in the database, so that it is in the backup with everything
    else, and no web server ever hands it out by itself.
    """

    leaflet = models.OneToOneField(
        Leaflet, verbose_name=_("leaflet"), on_delete=models.CASCADE, related_name="file", primary_key=True
    )
    content = models.BinaryField(_("content"), max_length=MAX_FILE_BYTES)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("leaflet's file")
        verbose_name_plural = _("leaflets' files")
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


def read_pdf(file: UploadedFile) -> bytes:
    """The bytes of an uploaded PDF; any other file is refused in a sentence."""
    if (file.size or 0) > MAX_FILE_BYTES:
        raise ValidationError(
            _now("That file is too big: at most %(most)d MB."),
            params={"most": MAX_FILE_BYTES // (1024 * 1024)},
            code="too_big",
        )
    content = bytes(file.read())
    if PDF_HEAD not in content[:PDF_MARGIN] or PDF_TAIL not in content[-PDF_MARGIN:]:
        raise ValidationError(_now("That is not a complete PDF. Save it as a PDF and try again."), code="not_a_pdf")
    return content


retention.keep(Leaflet, LeafletFile, until=retention.FOR_GOOD)
row_order.leave(Leaflet, LeafletFile, because=row_order.LIST)
