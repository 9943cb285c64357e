"""How files of strangers are read."""
