"""A run for people to read: a page for the browser, Markdown and JUnit XML for continuous integration."""
