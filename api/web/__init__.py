"""The web pages: rendered here, readable without scripts."""
