"""The hub itself, its emergency cards, its openings and what they add up to."""

from hub.models.hubs import Hub

__all__ = ["Hub"]
