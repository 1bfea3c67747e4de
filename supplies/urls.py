"""Addresses about supplies, below /stock/."""

from django.urls import path

from supplies.views import (
    appeals,
    counts,
    deliveries,
    delivery_lines,
    funds,
    items,
    kits,
    literature,
    lots,
    moves,
    orders,
    shortfalls,
    stock_levels,
    suppliers,
)

app_name = "supplies"

stock_urls = [
    path("", stock_levels.shelf, name="shelf"),
    path("watch/", stock_levels.watch, name="watch"),
]

item_urls = [
    path("items/<slug:slug>/", items.item, name="item"),
    path("items/<slug:slug>/delivery/", items.receive, name="item-receive"),
    path("items/<slug:slug>/count/", items.count, name="item-count"),
    path("items/<slug:slug>/waste/", items.waste, name="item-waste"),
    path("items/<slug:slug>/assembly/", kits.assemble, name="item-assemble"),
    path("items/<slug:slug>/disassembly/", kits.take_apart, name="item-take-apart"),
    path("acts/<uuid:act>/correction/", items.undo, name="act-undo"),
    path("moves/", moves.moves, name="moves"),
]

lot_urls = [
    path("lots/", lots.lots, name="lots"),
    path("lots/<int:pk>/", lots.lot, name="lot"),
    path("lots/<int:pk>/hold/", lots.set_aside, name="lot-set-aside"),
    path("lots/<int:pk>/release/", lots.release, name="lot-release"),
    path("lots/<int:pk>/date/", lots.correct_date, name="lot-date"),
    path("lots/<int:pk>/recall/", lots.recall, name="lot-recall"),
    path("lots/<int:pk>/notice/", lots.notice, name="lot-notice"),
    path("recalls/<int:pk>/return/", lots.take_back, name="recall-take-back"),
]

count_urls = [
    path("counts/", counts.counts, name="counts"),
    path("counts/new/", counts.start, name="count-start"),
    path("counts/<int:pk>/", counts.count, name="count"),
    path("counts/<int:pk>/sheet/", counts.sheet, name="count-sheet"),
    path("counts/<int:pk>/application/", counts.apply, name="count-apply"),
    path("counts/<int:pk>/giving-up/", counts.give_up, name="count-give-up"),
    path("counts/<int:pk>/shelves/<slug:slug>/", counts.shelf, name="count-shelf"),
    path("counts/<int:pk>/shelves/<slug:slug>/other/", counts.other, name="count-other"),
]

literature_urls = [
    path("literature/", literature.literature, name="literature"),
    path("literature/new/", literature.new, name="leaflet-new"),
    path("literature/<slug:slug>/", literature.leaflet, name="leaflet"),
    path("literature/<slug:slug>/file.pdf", literature.file, name="leaflet-file"),
]

order_urls = [
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", orders.start, name="order-start"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/cancellation/", orders.cancel, name="order-cancel"),
    path("orders/<int:pk>/closing/", orders.close, name="order-close"),
    path("orders/<int:pk>/list.<str:kind>", orders.order_file, name="order-file"),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/new/", suppliers.supplier, name="supplier-new"),
    path("suppliers/<int:pk>/", suppliers.supplier, name="supplier"),
]

delivery_urls = [
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/new/", deliveries.start, name="delivery-start"),
    path("deliveries/<uuid:pk>/", deliveries.delivery, name="delivery"),
    path("deliveries/<uuid:pk>/about/", deliveries.about, name="delivery-about"),
    path("deliveries/<uuid:pk>/receipt/", deliveries.receive, name="delivery-receive"),
    path("deliveries/<uuid:pk>/discarding/", deliveries.discard, name="delivery-discard"),
    path("deliveries/<uuid:pk>/return/", deliveries.bring_back, name="delivery-bring-back"),
    path("deliveries/<uuid:pk>/prices/", deliveries.prices, name="delivery-prices"),
    path("deliveries/<uuid:pk>/payments/", deliveries.pay, name="delivery-pay"),
    path("deliveries/<uuid:pk>/lines/new/", delivery_lines.add, name="delivery-add"),
    path("deliveries/<uuid:pk>/lines/<uuid:key>/", delivery_lines.line, name="delivery-line"),
    path("deliveries/<uuid:pk>/lines/<uuid:key>/removal/", delivery_lines.strike, name="delivery-strike"),
    path("deliveries/<uuid:pk>/lines/<uuid:key>/correction/", delivery_lines.correct, name="delivery-correct"),
]

fund_urls = [
    path("funds/", funds.funds, name="funds"),
    path("funds/new/", funds.new, name="fund-new"),
    path("funds/<int:pk>/", funds.fund, name="fund"),
    path("funds/<int:pk>/appeal/", appeals.appeal, name="fund-appeal"),
    path("funds/<int:pk>/contributions/", funds.take_in, name="fund-take-in"),
    path("funds/<int:pk>/closing/", funds.close, name="fund-close"),
    path("funds/<int:pk>/opening/", funds.reopen, name="fund-reopen"),
]

shortfall_urls = [
    path("shortfalls/", shortfalls.shortfalls, name="shortfalls"),
    path("shortfalls/wishes/", shortfalls.add_wish, name="wish-add"),
    path("shortfalls/wishes/<int:pk>/", shortfalls.wish, name="wish"),
]

urlpatterns = [
    *stock_urls,
    *item_urls,
    *lot_urls,
    *count_urls,
    *literature_urls,
    *order_urls,
    *delivery_urls,
    *fund_urls,
    *shortfall_urls,
]
