"""Forms: they turn what a browser sent into what a verb takes. One file a noun."""
