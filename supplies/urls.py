"""Addresses about supplies, below /stock/."""

from django.urls import path

from supplies.views import deliveries, delivery_lines, funds, orders, shelf, shortfalls, suppliers

app_name = "supplies"

the_shelf = [
    path("", shelf.shelf, name="shelf"),
    path("watch/", shelf.watch, name="watch"),
]

ordering = [
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

receiving = [
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

money = [
    path("funds/", funds.funds, name="funds"),
    path("funds/new/", funds.new, name="fund-new"),
    path("funds/<int:pk>/", funds.fund, name="fund"),
    path("funds/<int:pk>/contributions/", funds.take_in, name="fund-take-in"),
    path("funds/<int:pk>/closing/", funds.close, name="fund-close"),
    path("funds/<int:pk>/opening/", funds.reopen, name="fund-reopen"),
]

asked_for = [
    path("shortfalls/", shortfalls.shortfalls, name="shortfalls"),
    path("shortfalls/wishes/", shortfalls.add_wish, name="wish-add"),
    path("shortfalls/wishes/<int:pk>/", shortfalls.wish, name="wish"),
]

urlpatterns = [*the_shelf, *ordering, *receiving, *money, *asked_for]
