"""Servers that speak Ollama's wire format, both of the project's own: `scripted` answers and fails as a test tells it,
`front` has a small real model behind it (`python -m tests.ollama_server`)."""
