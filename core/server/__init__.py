"""The HTTP API: the same functions as the pages and the command line, for other programs."""
