"""The composition root: settings, addresses, command line, server, demonstration."""
