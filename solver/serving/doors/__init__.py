"""One protocol a file; each turns requests into asks and answers into its own words."""
