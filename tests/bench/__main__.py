"""Run all parts; folders given as arguments are read for accuracy, too."""

import sys
from pathlib import Path

from bench.diagnosis import diagnosis
from bench.mailbox import mailbox
from bench.reading import reading

reading([Path(folder) for folder in sys.argv[1:]])
diagnosis()
mailbox()
