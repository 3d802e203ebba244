"""What may be said: a question and its evidence become an Answer, or a refusal."""
