"""Frozen steps from an empty database to today's tables; none of them imports a live model."""
