"""The command line of symnn."""

from symnn.cli.app import app, main

__all__ = ["app", "main"]
