"""The backends behind one protocol: namespaces, docker, bubblewrap."""
