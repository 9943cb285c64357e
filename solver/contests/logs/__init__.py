"""A contest's log: written, continued after a kill, read back, audited."""
