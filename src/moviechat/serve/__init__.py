"""The faces of the chat: the command line."""
