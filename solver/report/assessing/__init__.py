"""The report of `solver assess`, as a jury reads it: a verdict to act on, then what it rests on."""
