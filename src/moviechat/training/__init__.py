"""Fine-tuning: examples, the adapted model, and the loop around transformers' Trainer."""
