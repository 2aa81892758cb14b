"""Which version of a rule holds: the one that is meant of several, and what later papers changed or ended."""
