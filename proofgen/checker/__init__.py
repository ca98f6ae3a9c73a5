"""Independent checker of proofgen bundles: the standard library only, and no code of the prover.

The format and the theorems (A, B, Lemma C, Lemma T, H1-H4) are those of proofs/FORMAT.md; its letters are the names
used here.  A witness is never trusted: from the exact problem and the witness every bound is computed again, and a
claim is accepted only if the checker's own enclosure lies inside the claimed one.  There is no floating point.  Matrix
products are exact integer products; other numbers are rationals, or integers in units of 2^-F rounded in the safe
direction (a radius or an upper bound up, a lower bound down).

Read the files in this order; each imports only files before it:

    verdicts budget intervals elementary functions      ways to stop; costs; numbers; functions and their derivatives
    reading files products reports                      what is read, exact products of matrices, what is said
    expressions activations                             texts of functions
    network_problem equations_problem problem           the problem
    blocks basis similarity                             complex indices; Theorems A and B, Lemma C
    jets network_jets equations_jets tube               derivatives of the vector field; Lemma T
    processes documents context                         certificates, and what they have in common
    zero_branch hopf_point window newton_ball points    H1 to H4 at a point, method by method
    pieces branch summary command                       the branch, the summary, the command

A bundle rests on a part of this, which `proofgen check DIR --reading` prints.
"""
