"""What is measured against the truth: labels, replays of strategies, assessments."""
