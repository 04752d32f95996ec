"""Balance: the split first, by groups, then N faces a character, in the training part only."""
