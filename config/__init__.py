"""The settings of Wenju."""
