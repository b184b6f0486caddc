"""Sockets, for both programs; knows no chat."""
