"""`python -m pipeline.cli` is the command, too."""

from pipeline.cli import main

main()
