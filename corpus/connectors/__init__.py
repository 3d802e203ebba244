"""Doors to the services that hold published literature: asked politely, batch by batch, and never trusted blindly."""
