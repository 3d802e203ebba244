"""What is known: the vetted articles, the literature they cite, and how both are read into passages."""
