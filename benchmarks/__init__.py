"""How fast Kontor is beside others on the same data: data, contestants, measuring, report (docs/benchmarks.md).

A tool for developers: it may import every room, and no room imports it.
"""
