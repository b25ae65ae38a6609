"""parcel-digest: from a mailbox to what each parcel needs today.

Follow one mail through the rooms in this order: ``mailbox`` → ``parse`` → ``trust`` → ``read`` → ``ledger`` →
``parcels`` → ``rules``/``diagnose`` → ``digest`` → ``deliver``. ``job`` walks the whole way on one page;
``model`` holds the values that travel. See docs/architecture.md.
"""

__version__ = "0.1.0"
