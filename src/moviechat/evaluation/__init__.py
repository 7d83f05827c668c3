"""What `evaluate` measures: answers, conversations and retrieval, and the report."""
