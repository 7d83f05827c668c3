"""What `evaluate` measures: answers, retrieval, facts; and the report made of it."""
