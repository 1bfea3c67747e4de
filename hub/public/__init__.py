"""The public pages: the front page, the hub's own texts, leaflets and opening times."""
