"""Who Am I?: everything that works without a screen."""
