"""What is in an answer: the program in it, and which programs are the same."""
