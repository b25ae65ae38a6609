"""Whether any run has read anything yet: before it nothing can be known, and that is no news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

NOTHING_READ: Final = "nothing has been read yet: `parcel-digest run` reads your mails"


def nothing_read(state: Path | None) -> bool:
    """Whether no run has come to an end and no mail was read into the ledger of *state*. Raises LedgerError."""
    from pipeline.config import state_dir
    from pipeline.ledger import FILE
    from pipeline.ledger.health import examine
    from pipeline.runlog import has_read

    folder = state_dir(state)
    if has_read(folder):
        return not (folder / FILE).exists()
    health = examine(folder / FILE)
    # A parcel that was added by hand makes a ledger, too.
    return health is None or not any(health.rows.get(table) for table in ("places", "cursors", "told"))
