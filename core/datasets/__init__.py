"""Readers and writers of formats: values in, files out; usable without a workspace."""
