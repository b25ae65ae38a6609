"""Reading: from a mail to what it says about parcels, with order number and tracking code told apart.

``letter`` finds whose mail it is, ``numbers`` finds the numbers, ``labels``, ``links`` and ``markup`` find what
speaks for them, ``evidence`` weighs it, ``events`` and ``particulars`` read what stands beside. What shops,
carriers and languages look like is data.
"""

from __future__ import annotations

from pipeline.read.candidates import number_key
from pipeline.read.reader import read
from pipeline.read.relevance import known_senders, relevant, unclear, worth_opening

__all__ = ["known_senders", "number_key", "read", "relevant", "unclear", "worth_opening"]
