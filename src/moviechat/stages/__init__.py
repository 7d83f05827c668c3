"""Offline: one module a stage, one public `run`; dvc.yaml says what feeds what."""
