"""The database of what an installation holds: documents, reviews, notices, snapshots, jobs, answers given."""
