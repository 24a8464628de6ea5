"""The system under test: the real binaries, a real PostgreSQL and the demo provider, on loopback."""
