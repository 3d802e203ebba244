"""Answer quality: suites, measures, runs, and what a run says against another. Imported by api and tests only."""
