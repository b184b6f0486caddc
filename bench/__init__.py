"""Measurements: how fast Homeroom is, on the machine at hand."""
