"""The lesson: small programs that show what sockets and threads really do."""
