"""The server's own screen: `python server.py --watch`. Looks at all, decides nothing."""
