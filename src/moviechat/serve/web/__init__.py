"""The chat over HTTP: OpenAI's API, a small one for the page, health and figures."""
