"""Measurements anyone can repeat: each module is a command, its table is filed under results/."""
