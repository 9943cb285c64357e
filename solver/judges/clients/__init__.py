"""Real judges over the network: one client a system, one way to send and ask again."""
