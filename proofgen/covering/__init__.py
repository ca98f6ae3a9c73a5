"""From candidates to proved points and settled pieces of the parameter interval, in one process or several.

Decides where to try (untrusted: candidates, subdivision) and lets `proofgen.proof` decide what is proved. Every
function that a worker runs takes and returns plain values; the outcome does not depend on the number of processes.
"""
