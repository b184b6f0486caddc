"""The chat, for the server; knows no sockets and no screen."""
