"""What is served, one file for each subject."""
