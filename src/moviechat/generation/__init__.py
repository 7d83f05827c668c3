"""The answering language model behind one small protocol."""
