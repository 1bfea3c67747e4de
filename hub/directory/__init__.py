"""What a visitor can be told: drug alerts, other services, emergency cards."""
