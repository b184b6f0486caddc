"""The demo: one command, one person, and everything that can happen to a chat."""
