(* The statement.  Everything that has to be read to know what is proved is in this file; the theorem itself,
   [check_correct] in Correct.v, says: if the computation [check] answers true, then [claims_hold] of the given weights;
   [check_box_correct]: if [check_box] answers true, then [claims_hold] of all weights in a box.

   R: the real numbers of Coq's standard library;  C = R[i]: the complex numbers over them;  'M[R]_n: n x n matrices;
   'cV[R]_n: column vectors;  (v j 0): the j-th entry of a column vector;  *m, *: : products with matrices and scalars;
   g%:M: the matrix g I;  x%:C: a real number as a complex one;  Complex a b: a + ib;  conjc z: the conjugate of z. *)
From Coq Require Import Reals ZArith QArith Qreals.
From Coq Require Uint63.
From mathcomp Require Import all_ssreflect all_algebra complex Rstruct.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.
Local Open Scope complex_scope.
Delimit Scope Z_scope with Z.

Notation real := Rdefinitions.R.
Notation cplx := (real[i]).

(* ---------------------------------------------------------------- derivatives *)
Section Derivatives.
Variable n : nat.
Implicit Types (F : 'cV[real]_n -> 'cV[real]_n) (x h : 'cV[real]_n).

(* |h_j| <= r for all j: the maximum norm of h is at most r *)
Definition bounded h (r : real) : Prop := forall j, `|h j 0| <= r.

(* L is the (Frechet) derivative of F at x: it is linear, and F(x + h) = F(x) + L h + o(|h|) *)
Definition is_derivative F x (L : 'cV[real]_n -> 'cV[real]_n) : Prop :=
  (forall a u v, L (a *: u + v) = a *: L u + L v) /\
  forall eps, 0 < eps -> exists delta, 0 < delta /\
    forall h r, bounded h r -> r <= delta -> bounded (F (x + h) - F x - L h) (eps * r).
End Derivatives.

(* A = DF(x), B(u, v) = D^2 F(x)[u, v], T(u, v, w) = D^3 F(x)[u, v, w], where F is three times differentiable everywhere *)
Definition derivatives n (F : 'cV[real]_n -> 'cV[real]_n) (x : 'cV[real]_n) (A : 'M[real]_n)
    (B : 'cV[real]_n -> 'cV[real]_n -> 'cV[real]_n) (T : 'cV[real]_n -> 'cV[real]_n -> 'cV[real]_n -> 'cV[real]_n) : Prop :=
  exists D1 D2 D3,
  [/\ forall y, is_derivative F y (D1 y),
      forall y u, is_derivative (fun z => D1 z u) y (D2 y u),
      forall y u v, is_derivative (fun z => D2 z u v) y (D3 y u v)
    & [/\ forall u, D1 x u = A *m u, D2 x = B & D3 x = T]].

(* ---------------------------------------------------------------- complex vectors and the first Lyapunov coefficient *)
Section Complex.
Variable n : nat.
Implicit Types (u v w p q : 'cV[cplx]_n) (A : 'M[real]_n).

(* a real matrix (or vector) as a complex one; the parts and the conjugate of a complex vector *)
Definition toC k l (A : 'M[real]_(k, l)) : 'M[cplx]_(k, l) := map_mx (fun a => a%:C) A.
Definition re v : 'cV[real]_n := map_mx (@complex.Re real) v.
Definition im v : 'cV[real]_n := map_mx (@complex.Im real) v.
Definition bar v : 'cV[cplx]_n := map_mx (@conjc R_ringType) v.

(* p^H v *)
Definition inner p v : cplx := \sum_j conjc (p j 0) * v j 0.

(* what is linear in a real vector, extended to complex vectors: L(u + iv) = L u + i L v; bilinear, trilinear maps *)
Definition extend (L : 'cV[real]_n -> 'cV[cplx]_n) v : 'cV[cplx]_n := L (re v) + Complex 0 1 *: L (im v).
Definition extend2 (B : 'cV[real]_n -> 'cV[real]_n -> 'cV[real]_n) u v : 'cV[cplx]_n :=
  extend (fun a => extend (fun b => toC (B a b)) v) u.
Definition extend3 (T : 'cV[real]_n -> 'cV[real]_n -> 'cV[real]_n -> 'cV[real]_n) u v w : 'cV[cplx]_n :=
  extend (fun a => extend (fun b => extend (fun c => toC (T a b c)) w) v) u.

(* A q = i omega q,  p^H A = i omega p^H,  q^H q = 1,  p^H q = 1 *)
Definition normalised_eigenvectors A (omega : real) q p : Prop :=
  [/\ toC A *m q = Complex 0 omega *: q, (bar p)^T *m toC A = Complex 0 omega *: (bar p)^T,
      inner q q = 1 & inner p q = 1].

(* 1/(2 omega) Re [ p^H T(q,q,q~) - 2 p^H B(q, A^-1 B(q,q~)) + p^H B(q~, (2 i omega I - A)^-1 B(q,q)) ],  q~ = bar q *)
Definition lyapunov A B T (omega : real) q p : real :=
  let B := extend2 B in let T := extend3 T in
  complex.Re (inner p (T q q (bar q))
      - 2%:R * inner p (B q (invmx (toC A) *m B q (bar q)))
      + inner p (B (bar q) (invmx ((Complex 0 (2%:R * omega))%:M - toC A) *m B q q))) / (2%:R * omega).
End Complex.

(* ---------------------------------------------------------------- nondegenerate Hopf points *)
(* the eigenvalues of A, each as often as its algebraic multiplicity *)
Definition eigenvalues n (A : 'M[real]_n) (s : seq cplx) : Prop := char_poly (toC A) = \prod_(z <- s) ('X - z%:P).

(* H2: +-i omega are simple eigenvalues, no other lies on the axis, nu lie to the right of it, ns to the left *)
Definition crosses_in_pair n (A : 'M[real]_n) (omega : real) (nu ns : nat) : Prop :=
  0 < omega /\ exists s, [/\ eigenvalues A s,
    count_mem (Complex 0 omega) s = 1%N /\ count_mem (Complex 0 (- omega)) s = 1%N,
    count (fun z => 0 < complex.Re z) s = nu, count (fun z => complex.Re z < 0) s = ns
  & forall z, z \in s -> complex.Re z = 0 -> z = Complex 0 omega \/ z = Complex 0 (- omega)].

(* H3: near gamma there is a branch y of equilibria through x, and on it an eigenvalue lam of the Jacobian J, with the
   value i omega at gamma, whose real part has the derivative d there *)
Definition crossing_speed n (f : real -> 'cV[real]_n -> 'cV[real]_n) (gamma : real) (x : 'cV[real]_n) (omega d : real) :=
  exists delta (y : real -> 'cV[real]_n) (J : real -> 'M[real]_n) (lam : real -> cplx),
  [/\ 0 < delta /\ (forall g, `|g - gamma| < delta ->
        [/\ f g (y g) = 0, is_derivative (f g) (y g) (mulmx (J g)) & eigenvalue (toC (J g)) (lam g)]),
      y gamma = x, lam gamma = Complex 0 omega,
      derivable_pt_lim (fun g => complex.Re (lam g)) gamma d
    & exists d', derivable_pt_lim (fun g => complex.Im (lam g)) gamma d'].

(* x' = f(gamma, x) has a nondegenerate Hopf point at x with frequency omega, crossing speed d, first Lyapunov
   coefficient l1 (for every normalised pair of eigenvectors, and there is one), nu unstable and ns stable eigenvalues *)
Definition nondegenerate_Hopf_point n (f : real -> 'cV[real]_n -> 'cV[real]_n) (gamma : real) (x : 'cV[real]_n)
    (omega d l1 : real) (nu ns : nat) : Prop :=
  f gamma x = 0 /\ exists A B T, derivatives (f gamma) x A B T /\
  [/\ crosses_in_pair A omega nu ns,
      crossing_speed f gamma x omega d /\ d <> 0
    & ((exists q p, normalised_eigenvectors A omega q p) /\
       forall q p, normalised_eigenvectors A omega q p -> lyapunov A B T omega q p = l1) /\ l1 <> 0].

(* 0 is a simple eigenvalue of A, and no other eigenvalue lies on the imaginary axis *)
Definition crosses_at_zero n (A : 'M[real]_n) : Prop :=
  exists s, [/\ eigenvalues A s, count_mem 0 s = 1%N & forall z, z \in s -> complex.Re z = 0 -> z = 0].

(* some eigenvalue of A lies on the imaginary axis *)
Definition on_axis n (A : 'M[real]_n) : Prop := exists w : real, eigenvalue (toC A) (Complex 0 w).

(* ---------------------------------------------------------------- the networks *)
(* erf x = 2/sqrt(pi) * the integral of exp(-t^2) from 0 to x;  silu x = x/(1 + exp(-x));  gelu x = x (1 + erf(x/sqrt 2))/2 *)
Section Functions.
Local Open Scope R_scope.
Lemma gauss_integrable (x : R) : Riemann_integrable (fun t => exp (- (t * t))) 0 x.
Proof.
have c t : continuity_pt (fun t => exp (- (t * t))) t.
  by apply: derivable_continuous_pt; reg.
case: (Rle_dec 0 x) => h; first exact: continuity_implies_RiemannInt.
by apply/RiemannInt_P1/continuity_implies_RiemannInt => //; apply/Rlt_le/Rnot_le_lt.
Qed.
Definition erf (x : R) : R := 2 / sqrt PI * RiemannInt (gauss_integrable x).
Definition silu (x : R) : R := x / (1 + exp (- x)).
Definition gelu (x : R) : R := x * (1 + erf (x / sqrt 2)) / 2.
End Functions.

(* x' = sigma((W + gamma I) x + b), sigma on every component.  Where (W + gamma I) x + b = 0 there is an equilibrium, since
   sigma(0) = 0: the zero branch; for b = 0 it contains x = 0 for every gamma. *)
Inductive activation := Tanh | Sin | Arctan | Erf | Silu | Gelu.
Definition sigma (a : activation) : real -> real :=
  match a with Tanh => tanh | Sin => sin | Arctan => atan | Erf => erf | Silu => silu | Gelu => gelu end.
Definition field n (a : activation) (W : 'M[real]_n) (b : 'cV[real]_n) (gamma : real) (x : 'cV[real]_n) : 'cV[real]_n :=
  map_mx (sigma a) ((W + gamma%:M) *m x + b).
Definition on_branch n (W : 'M[real]_n) (b : 'cV[real]_n) (gamma : real) (x : 'cV[real]_n) : Prop := (W + gamma%:M) *m x + b = 0.

(* W = sum of coefficient * matrix (or its transpose); a matrix is given by rows of integers over one denominator, and an
   entry that is missing is 0 *)
Record array := Array { rows : seq (seq Z); denominator : Z }.
(* the same with one machine integer of 63 bits for each entry m 2^e, where -2^53 <= m < 2^53 and 0 <= e < 512: 512 (m + 2^53) + e *)
Definition unpacked (x : Uint63.int) : Z := let z := Uint63.to_Z x in ((z / 512 - 2 ^ 53) * 2 ^ (z mod 512))%Z.
Definition packed_array (entries : seq (seq Uint63.int)) (q : Z) : array := Array [seq [seq unpacked x | x <- row] | row <- entries] q.
Record term := Term { coefficient : Q; matrix : array; transposed : bool }.
Definition array_value n (M : array) : 'M[real]_n :=
  \matrix_(i, j) (IZR (nth Z0 (nth [::] (rows M) i) j) / IZR (denominator M)).
Definition term_value n (t : term) : 'M[real]_n :=
  Q2R (coefficient t) *: (if transposed t then (array_value n (matrix t))^T else array_value n (matrix t)).
Definition weights n (ts : seq term) : 'M[real]_n := \sum_(t <- ts) term_value n t.

(* W is known up to Delta, entry by entry *)
Definition in_box n (W0 : 'M[real]_n) (Delta : array) (W : 'M[real]_n) : Prop :=
  forall i j, `|W i j - W0 i j| <= array_value n Delta i j.

(* ---------------------------------------------------------------- the claims *)
Record enclosure := Enclosure { lower : Q; upper : Q }.
Definition encloses (e : enclosure) (x : real) : Prop := Q2R (lower e) <= x <= Q2R (upper e).

Record point := Point { parameter : enclosure; frequency : enclosure; first_lyapunov_coefficient : enclosure;
  speed : enclosure; unstable_eigenvalues : nat; stable_eigenvalues : nat }.

(* For every bias b: the Hopf points listed are nondegenerate, with gamma, omega, l1 and the crossing speed d in the enclosures;
   at the real crossings W + gamma I is singular in the simplest way; and these are all: on the zero branch the Jacobian has
   an eigenvalue on the imaginary axis exactly at the gamma of the points and of the real crossings.  Both lists increase. *)
Definition claims_hold (a : activation) n (W : 'M[real]_n) (points : seq point) (real_crossings : seq enclosure) : Prop :=
  exists gammas crossings : seq real,
  [/\ sorted (fun g g' => g < g') gammas /\ sorted (fun g g' => g < g') crossings,
      List.Forall2 (fun pt gamma => encloses (parameter pt) gamma /\ exists omega d l1,
        [/\ encloses (frequency pt) omega, encloses (speed pt) d, encloses (first_lyapunov_coefficient pt) l1
          & forall b, (exists x, on_branch W b gamma x) /\ forall x, on_branch W b gamma x ->
            nondegenerate_Hopf_point (field a W b) gamma x omega d l1 (unstable_eigenvalues pt) (stable_eigenvalues pt)])
        points gammas,
      List.Forall2 (fun e gamma => encloses e gamma /\ crosses_at_zero (W + gamma%:M)) real_crossings crossings
    & forall b gamma x J, on_branch W b gamma x -> is_derivative (field a W b gamma) x (mulmx J) ->
        (on_axis J <-> gamma \in gammas \/ gamma \in crossings)].
