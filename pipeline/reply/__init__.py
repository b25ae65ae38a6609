"""Answers to people who ask about a parcel, and the owner's commands by mail. Off unless the settings say so.

Nearly all mail must not be answered (RFC 3834 section 2); so every reason against it is a named check with its source,
all of them are looked at, and what is left gets one answer, as a draft unless the settings say otherwise.
"""
