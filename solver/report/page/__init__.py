"""The report's page: a run's data, packed into one HTML file that a browser unpacks as needed."""
