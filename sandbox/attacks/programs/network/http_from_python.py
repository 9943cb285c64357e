"""Fetches a page from the host's port, as a program that phones home would."""

import socket
import sys

try:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=0.2):
        print("ESCAPED connected")
except OSError as error:
    print("BLOCKED", type(error).__name__)
