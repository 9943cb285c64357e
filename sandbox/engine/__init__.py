"""The engine of long-lived workers: jobs in, results out, nothing lost."""
