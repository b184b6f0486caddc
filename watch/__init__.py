"""The server's own screen: `python server.py --watch`. It looks and decides nothing."""
