"""What we stock, where it stands, its lots, and the ledger that says how much of it there is."""

from supplies.models.catalogue import Category, Item
from supplies.models.ledger import Issued, Movement, Outgoing, SealedMonth
from supplies.models.lots import Lot
from supplies.models.shelf import State
from supplies.models.stores import Store

__all__ = ["Category", "Issued", "Item", "Lot", "Movement", "Outgoing", "SealedMonth", "State", "Store"]
