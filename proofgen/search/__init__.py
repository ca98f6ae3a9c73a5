"""Untrusted searches in binary64. Nothing here is imported by, or trusted in, a proof."""
