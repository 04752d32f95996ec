"""A local stand-in for the internet: picture hosts and search services that speak their real wire formats."""
