"""How it is found: snapshots of passages, searched by meaning and by words."""
