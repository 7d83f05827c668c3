"""moviechat: a chatbot that talks about films, and the pipeline that builds it."""
