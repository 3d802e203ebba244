"""The door that OpenAI's clients use."""
