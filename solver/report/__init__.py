"""Stage 10: what a run came to, as a table, as JSON, and as one HTML page."""
