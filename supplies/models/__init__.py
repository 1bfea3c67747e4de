"""What we stock, where it stands, its lots, the ledger that says how much there is, what we order and who paid."""

from supplies.models.catalogue import Category, Item
from supplies.models.deliveries import Cost, Delivery
from supplies.models.delivery_lines import DeliveryLine
from supplies.models.funds import Contribution, Fund, Payment
from supplies.models.ledger import Issued, Movement, Outgoing, SealedMonth
from supplies.models.lots import Lot
from supplies.models.needs import Need, WeeklyCost, needs_of
from supplies.models.orders import Order, OrderLine
from supplies.models.shelf import State
from supplies.models.shortfalls import SeenShortfall, Shortfall, Wish
from supplies.models.stores import Store
from supplies.models.suppliers import Supplier
from supplies.models.watch import Glance, Watch

__all__ = [
    "Category",
    "Contribution",
    "Cost",
    "Delivery",
    "DeliveryLine",
    "Fund",
    "Glance",
    "Issued",
    "Item",
    "Lot",
    "Movement",
    "Need",
    "Order",
    "OrderLine",
    "Outgoing",
    "Payment",
    "SealedMonth",
    "SeenShortfall",
    "Shortfall",
    "State",
    "Store",
    "Supplier",
    "Watch",
    "WeeklyCost",
    "Wish",
    "needs_of",
]
