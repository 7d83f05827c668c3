"""Offline: one module per stage, each with one public `run`; dvc.yaml defines the edges."""
