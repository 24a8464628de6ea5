"""Malformed requests, as bytes, each with what a sound server makes of it."""
