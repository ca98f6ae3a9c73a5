"""The proofs: one file per theorem or hypothesis. Arithmetic: balls and exact numbers only."""
