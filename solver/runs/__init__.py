"""Run folders as things by themselves: found, looked at, checked, cleaned, compared, moved."""
