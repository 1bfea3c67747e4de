"""Views of people and the rota, one file a noun."""
