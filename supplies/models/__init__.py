"""The models of supplies: catalogue, stores, lots, ledger, counts, orders, deliveries, funds."""

import supplies.models.searching
import supplies.models.today_lines  # noqa: F401 -- it registers what it knows of
from supplies.models.appeals import Appeal
from supplies.models.categories import Category
from supplies.models.components import Component, Inside
from supplies.models.counts import Count, CountLine
from supplies.models.deliveries import Delivery
from supplies.models.delivery_lines import DeliveryLine
from supplies.models.funds import Contribution, Fund, Payment
from supplies.models.items import Item
from supplies.models.ledger import Movement
from supplies.models.literature import Leaflet, LeafletFile
from supplies.models.lots import Lot
from supplies.models.needs import Need, WeeklyCost, calculate_needs
from supplies.models.orders import Order, OrderLine
from supplies.models.outgoing import CompletedMonth, Issued, Outgoing
from supplies.models.recalls import Recall
from supplies.models.shortfalls import SeenShortfall, Shortfall, ShortfallDiffers, Wish
from supplies.models.stock_levels import StockState
from supplies.models.stores import Store
from supplies.models.suppliers import Supplier
from supplies.models.watch import Glance, Watch

__all__ = [
    "Appeal",
    "Category",
    "CompletedMonth",
    "Component",
    "Contribution",
    "Count",
    "CountLine",
    "Delivery",
    "DeliveryLine",
    "Fund",
    "Glance",
    "Inside",
    "Issued",
    "Item",
    "Leaflet",
    "LeafletFile",
    "Lot",
    "Movement",
    "Need",
    "Order",
    "OrderLine",
    "Outgoing",
    "Payment",
    "Recall",
    "SeenShortfall",
    "Shortfall",
    "ShortfallDiffers",
    "StockState",
    "Store",
    "Supplier",
    "Watch",
    "WeeklyCost",
    "Wish",
    "calculate_needs",
]
