"""The faces of the chat: terminal, files, web page, OpenAI's API, tools of assistants."""
