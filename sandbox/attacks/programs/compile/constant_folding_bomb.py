"""Constants that a compiler would fold into gigabytes."""
a = ((1 << 3000) ** 100) ** 100
b = "x" * (1 << 26) * (1 << 10)
