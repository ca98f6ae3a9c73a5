"""proofgen for scripts and notebooks: problems from arrays, proofs and reports as objects."""
