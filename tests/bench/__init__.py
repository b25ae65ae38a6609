"""`make bench`: how right and how fast, as ratios of one run, for machines are noisy. One module a part."""
