"""Many proofs in one run: what a run file asks for, workers, engines, the state on disk, tables.

A worker proves one network and returns bytes; one process alone writes. Everything that a run states is read from
certificates; nothing here proves anything.
"""
