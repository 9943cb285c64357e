"""A list that doubles for ever."""

numbers = [0] * 1024
while True:
    numbers += numbers
