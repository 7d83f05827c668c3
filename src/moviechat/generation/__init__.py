"""The language model that answers, behind one small protocol."""
