"""Recorded pools: their lines, and the layouts that other systems write."""
