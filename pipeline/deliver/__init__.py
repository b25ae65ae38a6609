"""Where a digest goes: one file a channel, and one that composes the mail."""

from __future__ import annotations

from pipeline.deliver.channels import Attempt, Channel, channels
from pipeline.deliver.errors import DeliveryError, Refused, Uncertain
from pipeline.deliver.file import to_file
from pipeline.deliver.stdout import to_stdout, write_to

__all__ = [
    "Attempt",
    "Channel",
    "DeliveryError",
    "Refused",
    "Uncertain",
    "channels",
    "to_file",
    "to_stdout",
    "write_to",
]
