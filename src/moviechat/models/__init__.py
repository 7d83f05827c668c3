"""Models in and out: where they come from, GGUF to safetensors, peft to GGUF."""
