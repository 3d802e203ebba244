"""The door that health records use: CDS Hooks."""
