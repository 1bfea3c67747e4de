"""Another name of `aggregate_visits`."""

from hub.management.commands.aggregate_visits import Command

__all__ = ["Command"]
