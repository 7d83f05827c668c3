"""Base models: fetching them, GGUF to safetensors, peft to GGUF."""
