"""What search finds of the directory: services."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hub.directory.models.services import Pathway
from volunteers.models import User
from volunteers.shared.registries import searching
from volunteers.shared.registries.searching import Searcher, SearchHit


def find_services(person: User, words: str) -> Iterator[SearchHit]:
    """Services by all their public text. Who may change the directory finds the hidden ones too, and their forms."""
    edits = person.has_perm("hub.change_pathway")
    services = Pathway.objects.all() if edits else Pathway.objects.shown()
    for service in services.search(words):
        on_the_list = f"{reverse('hub:pathways')}?{urlencode({'words': service.name[:60]})}"
        address = reverse("hub:pathway", args=[service.pk]) if edits else on_the_list
        yield SearchHit(service.name, address, _now("withdrawn") if service.withdrawn else service.kind.name)


searching.register("services", Searcher(_("Where else to go"), "map-pin", find_services, all_of_them="hub:pathways"))
