"""Benchmarks: `python -m benchmarks` measures and prints tables; docs/benchmarks.md says what they mean."""
