"""Every kind of list, by its short name, in the order in which a hub takes them in."""

from hub.imports.kinds.base import ListKind
from hub.imports.kinds.items import ItemList
from hub.imports.kinds.people import PeopleList
from hub.imports.kinds.services import ServiceList
from hub.imports.kinds.stock import StockList

KINDS: dict[str, type[ListKind]] = {kind.slug: kind for kind in (ItemList, StockList, PeopleList, ServiceList)}
