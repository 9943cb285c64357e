"""How a contestant's program meets one input: one file a task type, the same signature each."""
