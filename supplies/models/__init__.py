"""What we stock, where it stands, its lots, and the ledger that says how much of it there is."""

from supplies.models.catalogue import Category, Item
from supplies.models.counts import Count, CountLine
from supplies.models.kits import Component, Inside
from supplies.models.ledger import Movement
from supplies.models.literature import Leaflet, LeafletFile
from supplies.models.lots import Lot
from supplies.models.outgoing import Issued, Outgoing, SealedMonth
from supplies.models.recalls import Recall
from supplies.models.shelf import State
from supplies.models.stores import Store

__all__ = [
    "Category",
    "Component",
    "Count",
    "CountLine",
    "Inside",
    "Issued",
    "Item",
    "Leaflet",
    "LeafletFile",
    "Lot",
    "Movement",
    "Outgoing",
    "Recall",
    "SealedMonth",
    "State",
    "Store",
]
