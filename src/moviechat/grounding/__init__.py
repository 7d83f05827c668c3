"""Is this text supported by that record?  See check.py."""
