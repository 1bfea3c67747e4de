"""Forms of this part: they turn what a browser sent into what a verb takes."""
