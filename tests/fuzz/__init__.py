"""Fuzzing: what must hold for any bytes. ``make fuzz`` searches for bytes that break it, guided by coverage."""
