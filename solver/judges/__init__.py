"""Judges: the simulator and the clients of real contest systems, behind one protocol."""
