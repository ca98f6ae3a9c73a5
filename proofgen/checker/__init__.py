"""Independent checker of proofgen bundles: the standard library only, and no code of the prover.

The format and the theorems (A, B, Lemma C, Lemma T, H1-H4) are those of proofs/FORMAT.md; its letters are the names
used here.  A witness is never trusted: from the exact problem and the witness every bound is computed again, and a
claim is accepted only if the checker's own enclosure lies inside the claimed one.  Floating point guesses factors of a
matrix (quadratic_form.py, inertia.py), which are then verified in integers, and decides nothing.  Matrix products are
exact integer products.  Of other numbers what is claimed and compared with a claim is an Interval with rational ends;
what is computed is a Real (intervals.py) or Discs (blocks.py), which hold their unit 2^-F and are rounded outwards;
bounds are integers in such a unit, rounded in the safe direction (an upper bound up, a lower bound down).

Read the files in this order; each imports only files before it:

    verdicts budget parts                               ways to stop; costs; which files are loaded
    intervals series elementary functions extrema       numbers and functions
    reading files products reports table                what is read, exact products of matrices, what is said
    graph graph_jets expressions                        texts of functions, and their derivatives
    at_zero activations activation_texts                activations: at 0, and over intervals
    problem boxes network_problem equations_problem cell_problem    the problem
    blocks basis similarity                             complex indices; Theorems A and B, Lemma C
    context documents                                   certificates, and what they have in common
    zero_branch zero_list other_witness gain_branch gain_list nullity    H1 to H4, the branch: zero-branch, gain-branch
    jets network_jets equations_jets cell_jets fields   derivatives of the vector field
    local_spectrum locus tube                           Lemma T; the imaginary axis, or the unit circle
    local_points hopf_point window newton_ball          H1 to H4 at a point of any branch
    fold map_point neimark_sacker flip                  F1 to F4, where two equilibria meet; points of maps
    parity zero_crossing transcritical pitchfork singular line pole    real crossings (sections 22, 27)
    form_series form_motion quadratic_form inertia      pieces with a quadratic form (section 17)
    form_piece form_arrays form_network form_equations form_crossing    of any field, or with a Hopf point
    zero_equilibrium pieces processes                   the branch of any field; work in several processes
    arcs                                                a branch with its folds (section 21)
    orbit_numbers orbit_witness orbit_strip             periodic orbits (section 18): sums, the witness, Lemma O1
    orbit_discs orbit_samples orbit_box orbit_floquet orbit_existence orbit    Theorems O1 to O4, Lemma O5
    complexes higher plane_problem plane_field graph_series lemma_c curve_witness hopf_piece plane_form    Theorem V
    bautin hopf_curves curve_rows                       Theorem W, curves of Hopf points (section 28)
    orbit_rows points branch summary whole branches command     certificates, branch, summary, command, more branches

Methods and kinds of problems are loaded where a bundle needs them (parts.py): each report ends with the files that its
verdict rests on, and their lines.  `proofgen check DIR --reading` prints those lines of them that ran.
"""
