"""What a server lets be seen of itself, while it works; knows nothing of a chat."""
