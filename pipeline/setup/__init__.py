"""The first five minutes: find the server of an address, try it, write the settings, say when to run."""
