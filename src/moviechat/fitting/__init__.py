"""Fitting the sentence encoder to the catalogue's own texts."""
