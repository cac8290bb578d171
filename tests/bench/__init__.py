"""Benchmarks: each prints its table with the ratio to a baseline of the same run."""
