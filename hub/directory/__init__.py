"""Directory for visitors: drug alerts, other services and emergency cards."""
