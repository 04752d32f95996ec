"""Crop: from whole pictures to faces. The machine proposes, the person corrects."""
