"""``python -m symnn`` is the command line."""

from symnn.cli import main

if __name__ == "__main__":
    main()
