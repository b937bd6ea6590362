"""The command line of symnn."""

from symnn.cli.app import main

__all__ = ["main"]
