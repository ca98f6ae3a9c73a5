(* The computation: integers of any size in the type bigZ (machine words below), matrices as lists of rows, products exact.

   Units.  E, D > 0 are given.  X is an integer matrix (any multiple of approximate eigenvectors), Y/E its approximate inverse,
   W = V/D with integers V.  R = I - YX and r, s, rho, delta, Y, errors of vectors are in units of 1/E; N = YWX, d, g, eta, nu, c, m in
   units of 1/F, F = E D.  Results of divisions are not trusted: the inequalities they should satisfy are checked. *)
From Coq Require Import ZArith QArith Uint63.
From Bignums Require Import BigZ.
From mathcomp Require Import all_ssreflect.
From Proofgen Require Import Statement.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Delimit Scope Z_scope with Z.
Local Open Scope bigZ_scope.
Local Notation "a == b" := (@eq_op nat_eqType a b).

(* ---------------------------------------------------------------- lists *)
Definition entry (A : seq (seq bigZ)) (i j : nat) : bigZ := nth 0 (nth [::] A i) j.
Fixpoint dot (u v : seq bigZ) : bigZ := match u, v with x :: u', y :: v' => x * y + dot u' v' | _, _ => 0 end.
(* A B^T.  A row that is the one before it, or its negative, costs nothing: half of the rows of the witness are *)
Inductive relation := Other | Same | Opposite.
Definition relate (u v : seq bigZ) : relation :=
  if all2 BigZ.eqb u v then Same else if all2 (fun x y => - x =? y) u v then Opposite else Other.
Fixpoint related (u : seq bigZ) (A : seq (seq bigZ)) : seq (relation * seq bigZ) :=
  if A is a :: A' then (relate u a, a) :: related a A' else [::].
Fixpoint dots (a : seq bigZ) (d : bigZ) (B : seq (relation * seq bigZ)) : seq bigZ := (* d: the product with the row before *)
  if B is (rel, b) :: B' then let d' := match rel with Same => d | Opposite => - d | Other => dot a b end in d' :: dots a d' B' else [::].
Fixpoint outer_rows (ds : seq bigZ) (A B : seq (relation * seq bigZ)) : seq (seq bigZ) :=
  if A is (rel, a) :: A' then
    let ds' := match rel with Same => ds | Opposite => [seq - d | d <- ds] | Other => dots a 0 B end in ds' :: outer_rows ds' A' B
  else [::].
Definition outer (A B : seq (seq bigZ)) : seq (seq bigZ) := outer_rows [::] (related [::] A) (related [::] B).
Definition sumZ (n : nat) (f : nat -> bigZ) : bigZ := foldr (fun i s => f i + s) 0 (iota 0 n).
Definition maxZ (n : nat) (f : nat -> bigZ) : bigZ := foldr (fun i s => BigZ.max (f i) s) 0 (iota 0 n).
Definition allb (n : nat) (p : nat -> bool) : bool := all p (iota 0 n).
Definition cnt (n : nat) (p : nat -> bool) : nat := count p (iota 0 n).
Definition tab (n : nat) (f : nat -> bigZ) : seq bigZ := [seq f i | i <- iota 0 n].
Definition look (n : nat) (f : nat -> bigZ) : nat -> bigZ := nth 0 (tab n f). (* f, computed once *)
Definition tab2 (n : nat) (f : nat -> nat -> bigZ) : seq (seq bigZ) := [seq tab n (f i) | i <- iota 0 n].
Definition weighted (n : nat) (A : seq (seq bigZ)) (f : nat -> bigZ) : seq bigZ := let u := tab n f in [seq dot a u | a <- A]. (* A f *)
Definition wf (n : nat) (A : seq (seq bigZ)) : bool := (size A == n) && all (fun r => size r == n) A.
Definition except (k : nat) (f : nat -> bigZ) (i : nat) : bigZ := if i == k then 0 else f i. (* f, and 0 at k *)

(* an upper bound of |a + ib|, at most 12 per cent too large *)
Definition modulus (a b : bigZ) : bigZ := let x := BigZ.abs a in let y := BigZ.abs b in BigZ.max x y + BigZ.min x y / 2 + 1.
(* |a + ib| <= l *)
Definition at_most (a b l : bigZ) : bool := (0 <=? l) && (a * a + b * b <=? l * l).
(* l <= |a + ib|, decided with a loss of at most 2 per cent: (4x + 3y)/5 <= |x + iy| *)
Definition at_least (l a b : bigZ) : bool := let x := BigZ.max (BigZ.abs a) (BigZ.abs b) in let y := BigZ.min (BigZ.abs a) (BigZ.abs b) in
  [|| l <=? x, 5 * l <=? 4 * x + 3 * y | 13 * l <=? 12 * x + 5 * y].
Definition lower_modulus (a b : bigZ) : bigZ := let x := BigZ.max (BigZ.abs a) (BigZ.abs b) in let y := BigZ.min (BigZ.abs a) (BigZ.abs b) in
  BigZ.max x (BigZ.max ((4 * x + 3 * y) / 5) ((12 * x + 5 * y) / 13)).

(* ---------------------------------------------------------------- data *)
Record witness := Witness { XTr : seq (seq bigZ); XTi : seq (seq bigZ); (* X transposed, real and imaginary parts *)
  Yr : seq (seq bigZ); Yi : seq (seq bigZ); dr : seq bigZ; di : seq bigZ; E : bigZ; D : bigZ }.

(* the witness is never trusted, so nothing need be proved of it *)
Definition make_witness (xr xi yr yi : seq (seq Z)) (dr di : seq Z) (e d : Z) : witness :=
  let row := map BigZ.of_Z in Witness (map row xr) (map row xi) (map row yr) (map row yi) (row dr) (row di) (BigZ.of_Z e) (BigZ.of_Z d).

(* the same from the real columns of X and rows of Y, given as signed machine integers: m conjugate pairs come first, those of
   X as real and imaginary parts u, v of u + iv, those of Y as rows s, t of s - it *)
Definition small (x : PrimInt63.int) : bigZ :=
  if PrimInt63.ltb x 4611686018427387904%uint63 then BigZ.Pos (BigN.N0 x) else BigZ.Neg (BigN.N0 (PrimInt63.sub 0%uint63 x)).
Definition opposite (u : seq bigZ) : seq bigZ := [seq - x | x <- u].
Fixpoint real_parts (double : bool) (m : nat) (A : seq (seq bigZ)) : seq (seq bigZ) :=
  match m, A with m'.+1, u :: _ :: A' => u :: u :: real_parts double m' A'
  | _, _ => if double then [seq [seq x + x | x <- u] | u <- A] else A end.
Fixpoint imaginary_parts (m : nat) (A : seq (seq bigZ)) : seq (seq bigZ) :=
  match m, A with m'.+1, _ :: v :: A' => v :: opposite v :: imaginary_parts m' A' | _, _ => [seq [seq 0 | _ <- u] | u <- A] end.
Definition packed_witness (m : nat) (X Y : seq (seq PrimInt63.int)) (dr di : seq Z) (e d : Z) : witness :=
  let X := map (map small) X in let Y := map (map small) Y in let row := map BigZ.of_Z in
  Witness (real_parts false m X) (imaginary_parts m X) (real_parts true m Y) [seq opposite v | v <- imaginary_parts m Y]
    (row dr) (row di) (BigZ.of_Z e) (BigZ.of_Z d).

Definition numer (q : Q) : bigZ := BigZ.of_Z (Qnum q).
Definition denom (q : Q) : bigZ := BigZ.of_Z (Zpos (Qden q)).

(* W = V/D from the terms: D * coefficient / denominator is an integer *)
Definition divisor (t : term) : bigZ := denom (coefficient t) * BigZ.of_Z (denominator (matrix t)).
Definition factor (D : bigZ) (t : term) : bigZ := numer (coefficient t) * D / divisor t.
Definition factor_ok (D : bigZ) (t : term) : bool := (0 <? divisor t) && (factor D t * divisor t =? numer (coefficient t) * D).
Definition array_entry (M : array) (i j : nat) : bigZ := BigZ.of_Z (nth Z0 (nth [::] (rows M) i) j).
Definition term_entry (f : bigZ) (t : term) (i j : nat) : bigZ :=
  f * (if transposed t then array_entry (matrix t) j i else array_entry (matrix t) i j).
Definition combined (D : bigZ) (ts : seq term) : seq (bigZ * term) := [seq (factor D t, t) | t <- ts].
Definition Ventry (ts : seq (bigZ * term)) (i j : nat) : bigZ := foldr (fun t s => term_entry t.1 t.2 i j + s) 0 ts.

(* ---------------------------------------------------------------- the activations at 0 *)
(* 2/sqrt(pi) and 4/pi *)
Definition two_over_root_pi : enclosure := Enclosure
  (11283791670955125738961589031215451716881012586579977136881714434212849 # 10000000000000000000000000000000000000000000000000000000000000000000000)
  (11283791670955125738961589031215451716881012586579977136881714434212850 # 10000000000000000000000000000000000000000000000000000000000000000000000).
Definition four_over_pi : enclosure := Enclosure
  (12732395447351626861510701069801148962756771659236515899813387524711743 # 10000000000000000000000000000000000000000000000000000000000000000000000)
  (12732395447351626861510701069801148962756771659236515899813387524711744 # 10000000000000000000000000000000000000000000000000000000000000000000000).

(* sigma'(0) *)
Definition slope (a : activation) : enclosure :=
  match a with Erf => two_over_root_pi | Silu | Gelu => Enclosure (1 # 2) (1 # 2) | _ => Enclosure 1 1 end.
(* is sigma''(0) other than 0?  Then sigma'''(0) = 0. *)
Definition curved (a : activation) : bool := match a with Silu | Gelu => true | _ => false end.
(* - sigma'''(0)/(2 sigma'(0)), or sigma''(0)^2/(2 sigma'(0)^2) where sigma''(0) is not 0 *)
Definition strength (a : activation) : enclosure :=
  match a with Sin | Silu => Enclosure (1 # 2) (1 # 2) | Gelu => four_over_pi | _ => Enclosure 1 1 end.

(* ---------------------------------------------------------------- the matrices R and N *)
Record matrices := Matrices { Rre : nat -> nat -> bigZ; Rim : nat -> nat -> bigZ; Nre : nat -> nat -> bigZ; Nim : nat -> nat -> bigZ }.

Definition compute (n : nat) (ts : seq term) (w : witness) : matrices :=
  let ts := combined (D w) ts in let V := tab2 n (Ventry ts) in
  let Xr := XTr w in let Xi := XTi w in let Yr := Yr w in let Yi := Yi w in let E := E w in
  let VXr := outer Xr V in let VXi := outer Xi V in (* (V X)^T *)
  let Rrr := outer Yr Xr in let Rii := outer Yi Xi in let Rri := outer Yr Xi in let Rir := outer Yi Xr in
  let Nrr := outer Yr VXr in let Nii := outer Yi VXi in let Nri := outer Yr VXi in let Nir := outer Yi VXr in
  Matrices (fun i j => (if i == j then E else 0) - (entry Rrr i j - entry Rii i j))
           (fun i j => - (entry Rri i j + entry Rir i j))
           (fun i j => entry Nrr i j - entry Nii i j)
           (fun i j => entry Nri i j + entry Nir i j).

(* ---------------------------------------------------------------- Theorem A *)
Section Inequalities.
Variables (n : nat) (w : witness) (m : matrices).
Let E := E w.
Let F := E * D w.
Let re i := nth 0 (dr w) i.
Let im i := nth 0 (di w) i.
Variables (T absN : nat -> nat -> bigZ) (r s g : nat -> bigZ) (rho normN : bigZ). (* T: how far N moves over a box of weights *)

Definition theoremA : bool :=
  [&& allb n (fun i => sumZ n (fun j => modulus (Rre m i j) (Rim m i j)) <=? r i),
      allb n (fun i => r i <=? rho), rho <? E, allb n (fun i => r i * E <=? s i * (E - rho)),
      allb n (fun i => allb n (fun j => modulus (Nre m i j) (Nim m i j) + T i j <=? absN i j)),
      allb n (fun i => sumZ n (absN i) <=? normN)
    & allb n (fun i => (modulus (Nre m i i - re i) (Nim m i i - im i) + T i i + sumZ n (except i (absN i))) * E + s i * normN <=? g i * E)].

(* no disc meets the lines Re = c1, c2; those in J lie between them, the others do not *)
Definition strip (c1 c2 : bigZ) (J : nat -> bool) : bool :=
  [&& c1 <? c2, allb n (fun i => g i <? BigZ.abs (re i - c1)), allb n (fun i => g i <? BigZ.abs (re i - c2))
    & allb n (fun i => if J i then (c1 <? re i) && (re i <? c2) else (re i <? c1) || (c2 <? re i))].

(* (a + b)/F or (a - b)/F in an enclosure *)
Definition inside (e : enclosure) (a b : bigZ) : bool :=
  (numer (lower e) * F <=? (a - b) * denom (lower e)) && ((a + b) * denom (upper e) <=? numer (upper e) * F).

(* the same for s (a + b)/F and s (a - b)/F, s in an enclosure *)
Definition inside_times (s e : enclosure) (a b : bigZ) : bool :=
  (numer (lower e) * F * denom (lower s) <=? numer (lower s) * (a - b) * denom (lower e)) &&
  (numer (upper s) * (a + b) * denom (upper e) <=? numer (upper e) * F * denom (upper s)).
Definition Q_le (a b : Q) : bool := numer a * denom b <=? numer b * denom a.
Definition contains (e s : enclosure) : bool := Q_le (lower e) (lower s) && Q_le (upper s) (upper e).

Definition pair_ok (sl : enclosure) (pt : point) (k : nat) : bool :=
  let k' := k.+1 in let c1 := re k - g k - 1 in let c2 := re k + g k + 1 in
  [&& strip c1 c2 (fun i => (i == k) || (i == k')), (k' < n)%N, g k <? im k, im k' <? - g k',
      cnt n (fun i => c2 <? re i) == unstable_eigenvalues pt, cnt n (fun i => re i <? c1) == stable_eigenvalues pt,
      inside (parameter pt) (- re k) (g k), inside_times sl (frequency pt) (im k) (g k) & contains (speed pt) sl].

Definition crossing_ok (e : enclosure) (k : nat) : bool :=
  [&& strip (re k - g k - 1) (re k + g k + 1) (fun i => i == k), (k < n)%N & inside e (- re k) (g k)].

(* ---------------------------------------------------------------- Theorem B *)
Variables (absX absY : nat -> nat -> bigZ) (nu c ymax : nat -> bigZ). (* absX l i >= |X_li|, absY i l >= |Y_il| *)
Let Xre l i := entry (XTr w) i l.
Let Xim l i := entry (XTi w) i l.
Let Yre i l := entry (Yr w) i l.
Let Yim i l := entry (Yi w) i l.

Definition theoremB : bool :=
  [&& allb n (fun l => allb n (fun i => at_most (Xre l i) (Xim l i) (absX l i))),
      allb n (fun i => allb n (fun l => at_most (Yre i l) (Yim i l) (absY i l))),
      allb n (fun i => allb n (fun l => absY i l <=? ymax l)),
      allb n (fun i => allb n (fun j => absN i j <=? nu j))
    & allb n (fun j => sumZ n (except j (absN^~ j)) * E + nu j * sumZ n s <=? c j * E)].

Record vectors := Vectors { eta : nat -> bigZ; mR : nat -> bigZ; mL : nat -> bigZ; deltaR : bigZ; deltaL : bigZ; dR : nat -> bigZ; dL : nat -> bigZ;
  err_q : nat -> bigZ; err_a : nat -> bigZ; (* errors of q_l and of a_l = conj p_l *)
  sum_a : nat -> bigZ; (* the sum of dL i * absY i l; err_q is that of absX l i * dR i *) dd : bigZ (* |a q - 1| <= dd/E^2 *) }.

Definition vectors_ok (k : nat) (v : vectors) : bool :=
  let others p := allb n (fun i => (i == k) || p i) in
  let sum := s k * E + sumZ n (except k (fun i => dL v i * s i)) in
  [&& others (fun i => at_least (eta v i + g k + g i) (re k - re i) (im k - im i)),
      others (fun i => (g i <? eta v i) && (c i <? eta v i)),
      others (fun i => (absN i k * E + s i * nu k <=? mR v i * E) && (absN k i * E + s k * nu i <=? mL v i * E)),
      (0 <=? deltaR v) && (0 <=? deltaL v),
      others (fun i => (mR v i * E + g i * deltaR v <=? eta v i * deltaR v) && (mL v i * E + c i * deltaL v <=? eta v i * deltaL v)),
      others (fun i => (mR v i * E + g i * deltaR v <=? eta v i * dR v i) && (mL v i * E + c i * deltaL v <=? eta v i * dL v i)),
      allb n (fun l => sum_a v l * E + sum * ymax l <=? err_a v l * (E * E))
    & (sumZ n (except k (fun i => dL v i * dR v i)) <=? dd v) && (dd v <? E * E)].

(* ---------------------------------------------------------------- the first Lyapunov coefficient *)
(* a upper bound of kappa o^2 t/q, t in units of 1/(E^4 F): t <= t2, o1 <= o <= o2, q1 <= q <= q2 *)
Definition below (h : Q) (kappa : enclosure) (o1 o2 t2 q1 q2 : bigZ) : bool :=
  let F2 := (F * E) * (F * E) * F * numer h in
  if 0 <=? t2 then numer (upper kappa) * (o2 * o2 * t2) * denom h <=? F2 * denom (upper kappa) * q1
  else numer (lower kappa) * (o1 * o1 * t2) * denom h <=? F2 * denom (lower kappa) * q2.

Section Coefficient.
Variables (k : nat) (v : vectors).
Let q0 l := absX l k.
Let a0 l := absY k l.
Let qq l := Xre l k * Xre l k + Xim l k * Xim l k.           (* |q|^2 *)
Let aqr l := Yre k l * Xre l k - Yim k l * Xim l k.          (* a q *)
Let aqi l := Yre k l * Xim l k + Yim k l * Xre l k.
Let aqqr l := aqr l * Xre l k - aqi l * Xim l k.             (* a q^2 *)
Let aqqi l := aqr l * Xim l k + aqi l * Xre l k.
Let L l := modulus (2 * Yre k l * qq l - aqqr l) (2 * Yim k l * qq l + aqqi l).
Let cube x := x * x * x.
Let big_q l := q0 l * E + err_q v l.
Definition errS := sumZ n (fun l => L l * err_q v l * (E * E) + (err_a v l * cube (big_q l) + a0 l * (3 * (q0 l * E) * (err_q v l * err_q v l) + cube (err_q v l)))).
Definition maxS := sumZ n (fun l => (a0 l + err_a v l) * cube (big_q l)).
Definition centreS := sumZ n (fun l => aqi l * qq l) * cube E.
Definition errQ := sumZ n (fun l => (2 * (q0 l * E) + err_q v l) * err_q v l).
Definition centreQ := sumZ n qq * (E * E).
End Coefficient.

(* err plus a bound of max * dd/(1 - dd) *)
Definition divided (v : vectors) (err max : bigZ) : bigZ := err + (max * dd v / (E * E - dd v) + 1).
Definition divided_ok (v : vectors) (err max bound : bigZ) : bool := max * dd v <=? (bound - err) * (E * E - dd v).

(* Im T from its centre and radius *)
Definition value_ok (kappa l1 : enclosure) (k : nat) (v : vectors) (t r : bigZ) : bool :=
  let o1 := im k - g k in let o2 := im k + g k in
  let eq := errQ k v in let cq := centreQ k in
  [&& 0 <? o1, 0 <? cq - eq,
      below (upper l1) kappa o1 o2 (t + r) (cq - eq) (cq + eq),
      below (Qopp (lower l1)) kappa o1 o2 (- (t - r)) (cq - eq) (cq + eq)
    & (0 <? numer (lower l1)) || (numer (upper l1) <? 0)].

Definition lyapunov_even_ok (kappa l1 : enclosure) (k : nat) (v : vectors) : bool :=
  let es := errS k v in let ms := maxS k v in let rs := divided v es ms in
  divided_ok v es ms rs && value_ok kappa l1 k v (centreS k * F) (rs * F).

(* ---------------------------------------------------------------- the same where sigma''(0) is not 0 *)
(* u: an approximate solution of (z - W) h = q^2, z = 2 i Im mu + Re mu, in the coordinates of X; h = X u up to err times |X|.
   DY: how far Y q^2 moves with q.  Units: u, DY, vmax, umax, err 1/E, beta 1/F. *)
Record solution := Solution { u_re : nat -> bigZ; u_im : nat -> bigZ; DY : nat -> bigZ; vmax : bigZ; umax : bigZ; beta : bigZ; err : bigZ }.

Section Curved.
Variables (k : nat) (v : vectors).
Let sqr l := Xre l k * Xre l k - Xim l k * Xim l k.           (* q^2 *)
Let sqi l := Xre l k * Xim l k + Xim l k * Xre l k.
Definition Yq2_re := look n (fun j => sumZ n (fun l => Yre j l * sqr l - Yim j l * sqi l)).
Definition Yq2_im := look n (fun j => sumZ n (fun l => Yre j l * sqi l + Yim j l * sqr l)).
Definition z_re j := re k - re j.                             (* z - d_j *)
Definition z_im j := 2 * im k - im j.
Definition moves_Y j := sumZ n (fun l => absY j l * ((2 * (absX l k * E) + err_q v l) * err_q v l)).

Variable t : solution.
Variables (Pr Pi : nat -> bigZ). (* Yq2_re, Yq2_im *)
Definition remainder j := modulus (Pr j * F - (z_re j * u_re t j - z_im j * u_im t j)) (Pi j * F - (z_re j * u_im t j + z_im j * u_re t j))
  + DY t j * F + 3 * g k * umax t + s j * vmax t * D w + g j * umax t.
Definition solution_ok : bool :=
  [&& (0 <? beta t) && (0 <=? err t), allb n (fun j => moves_Y j <=? DY t j * (E * E)),
      allb n (fun j => at_least (beta t + g j + 3 * g k) (z_re j) (z_im j)),
      allb n (fun j => modulus (Pr j) (Pi j) + DY t j <=? vmax t),
      allb n (fun j => modulus (u_re t j) (u_im t j) <=? umax t)
    & allb n (fun j => remainder j <=? beta t * err t)].

Definition h_re := look n (fun l => sumZ n (fun j => Xre l j * u_re t j - Xim l j * u_im t j)).
Definition h_im := look n (fun l => sumZ n (fun j => Xre l j * u_im t j + Xim l j * u_re t j)).
Definition err_h := look n (fun l => sumZ n (absX l) * err t).
Variables (hr hi eh : nat -> bigZ). (* h_re, h_im, err_h *)
Let big_q l := absX l k * E + err_q v l.
Let big_h l := modulus (hr l) (hi l) + eh l.
Definition errG := sumZ n (fun l => err_a v l * big_q l * big_h l + absY k l * (err_q v l * big_h l + absX l k * eh l * E)).
Definition maxG := sumZ n (fun l => (absY k l + err_a v l) * big_q l * big_h l).
Definition centreG := sumZ n (fun l => Yre k l * (Xre l k * hr l + Xim l k * hi l) - Yim k l * (Xre l k * hi l - Xim l k * hr l)) * E.
End Curved.

Definition lyapunov_curved_ok (kappa l1 : enclosure) (k : nat) (v : vectors) (t : solution) (Pr Pi : nat -> bigZ) : bool :=
  let es := errS k v in let ms := maxS k v in let rs := divided v es ms in
  let hr := h_re t in let hi := h_im t in let eh := err_h t in
  let eg := errG k v hr hi eh in let mg := maxG k v hr hi eh in let rg := divided v eg mg in let cg := centreG k hr hi in
  [&& solution_ok k v t Pr Pi, divided_ok v es ms rs, divided_ok v eg mg rg
    & value_ok kappa l1 k v (3 * (centreS k * F) - 2 * (im k * cg) * E)
        (3 * (rs * F) + 2 * ((BigZ.abs (im k) + g k) * rg + g k * BigZ.abs cg) * E)].

Definition make_solution (k : nat) (v : vectors) (Pr Pi : nat -> bigZ) : solution :=
  let zr := look n (z_re k) in let zi := look n (z_im k) in
  let up a b := a / b + 1 in
  let ur := look n (fun j => (Pr j * zr j + Pi j * zi j) * F / (zr j * zr j + zi j * zi j)) in
  let ui := look n (fun j => (Pi j * zr j - Pr j * zi j) * F / (zr j * zr j + zi j * zi j)) in
  let DY := look n (fun j => up (moves_Y k v j) (E * E)) in
  let vmax := maxZ n (fun j => modulus (Pr j) (Pi j) + DY j) in
  let umax := maxZ n (fun j => modulus (ur j) (ui j)) in
  let far j := lower_modulus (zr j) (zi j) - g j - 3 * g k in
  let beta := foldr (fun i b => BigZ.min (far i) b) (far k) (iota 0 n) in
  let t := Solution ur ui DY vmax umax beta 0 in
  Solution ur ui DY vmax umax beta (maxZ n (fun j => up (remainder k t Pr Pi j) beta)).
End Inequalities.

(* ---------------------------------------------------------------- the check *)
(* |Y| Delta |X|, where every entry of W moves by at most Delta (in units of 1/D) *)
Definition up_to (D : bigZ) (Delta : array) (i j : nat) : bigZ := array_entry Delta i j * D / BigZ.of_Z (denominator Delta) + 1.
Definition motion (n : nat) (Dl absX absY : nat -> nat -> bigZ) : seq (seq bigZ) :=
  outer (tab2 n absY) (outer (tab2 n (fun j i => absX i j)) (tab2 n Dl)).
(* the same from the real and imaginary parts of Y and X *)
Definition motion_parts (n : nat) (Dl Xr Xi Yr Yi : nat -> nat -> bigZ) : (nat -> nat -> bigZ) * (nat -> nat -> bigZ) :=
  let rr := motion n Dl Xr Yr in let ii := motion n Dl Xi Yi in let ri := motion n Dl Xi Yr in let ir := motion n Dl Xr Yi in
  (fun i j => entry rr i j + entry ii i j, fun i j => entry ri i j + entry ir i j).
Definition box_ok (n : nat) (D : bigZ) (Delta : array) (Dl : nat -> nat -> bigZ) : bool := (0 <? BigZ.of_Z (denominator Delta)) &&
  allb n (fun i => allb n (fun j => array_entry Delta i j * D <=? Dl i j * BigZ.of_Z (denominator Delta))).

Definition make_vectors (n : nat) (w : witness) (absN : nat -> nat -> bigZ) (s g : nat -> bigZ)
    (AX AY : seq (seq bigZ)) (nu c ymax : nat -> bigZ) (k : nat) : vectors :=
  let E := E w in let re i := nth 0 (dr w) i in let im i := nth 0 (di w) i in
  let eta := nth 0 (tab n (fun i => lower_modulus (re k - re i) (im k - im i) - g k - g i)) in
  let mR := nth 0 (tab n (fun i => absN i k + s i * nu k / E + 1)) in
  let mL := nth 0 (tab n (fun i => absN k i + s k * nu i / E + 1)) in
  let up a b := a / b + 1 in
  let deltaR := maxZ n (except k (fun i => up (mR i * E) (eta i - g i))) in
  let deltaL := maxZ n (except k (fun i => up (mL i * E) (eta i - c i))) in
  let dR := nth 0 (tab n (except k (fun i => up (mR i * E + g i * deltaR) (eta i)))) in
  let dL := nth 0 (tab n (except k (fun i => up (mL i * E + c i * deltaL) (eta i)))) in
  let sum := s k * E + sumZ n (fun i => dL i * s i) in
  let err_q := nth 0 (weighted n AX (except k dR)) in
  let sum_a := nth 0 (weighted n AY (except k dL)) in
  let err_a := nth 0 (tab n (fun l => up (sum_a l * E + sum * ymax l) (E * E))) in
  Vectors eta mR mL deltaR deltaL dR dL err_q err_a sum_a (sumZ n (fun i => dL i * dR i)).

Definition lyapunov_ok (a : activation) (n : nat) (w : witness) (s g : nat -> bigZ) (absX absY : nat -> nat -> bigZ)
    (l1 : enclosure) (k : nat) (v : vectors) : bool :=
  if curved a then
    let Pr := Yq2_re n w k in let Pi := Yq2_im n w k in
    lyapunov_curved_ok n w s g absX absY (strength a) l1 k v (make_solution n w s g absX absY k v Pr Pi) Pr Pi
  else lyapunov_even_ok n w g absX absY (strength a) l1 k v.

Definition Q_lt (a b : Q) : bool := numer a * denom b <? numer b * denom a.
Fixpoint increasing (es : seq enclosure) : bool :=
  match es with e :: (e' :: _) as rest => Q_lt (upper e) (lower e') && increasing rest | _ => true end.

(* All inequalities.  pairs: the index of the disc of each point (that of the conjugate comes next); reals: of each real crossing;
   AX: bounds of |X_li| in row l, AY: of |Y_il| in row l *)
Definition conditions (a : activation) (n : nat) (ts : seq term) (points : seq point) (crossings : seq enclosure)
    (w : witness) (pairs reals : seq nat) (T absN : nat -> nat -> bigZ) (r s g : nat -> bigZ) (rho normN : bigZ)
    (AX AY : seq (seq bigZ)) (nu c ymax : nat -> bigZ) (m : matrices) : bool :=
  let absX := entry AX in let absY i l := entry AY l i in
  [&& [&& wf n (XTr w), wf n (XTi w), wf n (Yr w), wf n (Yi w), 0 <? E w, 0 <? D w & all (factor_ok (D w)) ts],
      wf n AX && wf n AY, theoremA n w m T absN r s g rho normN, theoremB n w absN s absX absY nu c ymax,
      (size pairs == size points) && all (fun kp => pair_ok n w g (slope a) kp.2 kp.1) (zip pairs points),
      all (fun kp => let v := make_vectors n w absN s g AX AY nu c ymax kp.1 in
             vectors_ok n w absN s g nu c ymax kp.1 v &&
             lyapunov_ok a n w s g absX absY (first_lyapunov_coefficient kp.2) kp.1 v) (zip pairs points),
      (size reals == size crossings) && all (fun kp => crossing_ok n w g kp.2 kp.1) (zip reals crossings),
      increasing (map parameter points) && increasing crossings
    & allb n (fun i => [|| i \in pairs, i.-1 \in pairs | i \in reals])].

(* the bounds that should satisfy them *)
Definition check_with (a : activation) (n : nat) (ts : seq term) (points : seq point) (crossings : seq enclosure)
    (w : witness) (pairs reals : seq nat) (AX AY : seq (seq bigZ)) (T : nat -> nat -> bigZ) : bool :=
  let m := compute n ts w in let E := E w in
  let re i := nth 0 (dr w) i in let im i := nth 0 (di w) i in
  let NT := tab2 n (fun i j => modulus (Nre m i j) (Nim m i j) + T i j) in
  let absN := entry NT in
  let r := nth 0 (tab n (fun i => sumZ n (fun j => modulus (Rre m i j) (Rim m i j)))) in let rho := maxZ n r in
  let s := nth 0 (tab n (fun i => r i * E / (E - rho) + 1)) in
  let rowN := nth 0 (tab n (fun i => sumZ n (absN i))) in let normN := maxZ n rowN in
  let g := nth 0 (tab n (fun i => modulus (Nre m i i - re i) (Nim m i i - im i) + T i i + rowN i - absN i i + s i * normN / E + 1)) in
  let ymax := nth 0 (tab n (fun l => foldr BigZ.max 0 (nth [::] AY l))) in
  let nu := nth 0 (tab n (fun j => maxZ n (absN^~ j))) in
  let sumS := sumZ n s in
  let c := nth 0 (tab n (fun j => sumZ n (absN^~ j) - absN j j + nu j * sumS / E + 1)) in
  conditions a n ts points crossings w pairs reals T absN r s g rho normN AX AY nu c ymax m.

(* exact weights *)
Definition check (a : activation) (n : nat) (ts : seq term) (points : seq point) (crossings : seq enclosure)
    (w : witness) (pairs reals : seq nat) : bool :=
  let AX := tab2 n (fun l i => modulus (entry (XTr w) i l) (entry (XTi w) i l)) in
  let AY := tab2 n (fun l i => modulus (entry (Yr w) i l) (entry (Yi w) i l)) in
  check_with a n ts points crossings w pairs reals AX AY (fun _ _ => 0).

(* every entry of W within that of Delta; sharper moduli, since T is large *)
Definition close_modulus (a b : bigZ) : bigZ := BigZ.sqrt (a * a + b * b) + 1.
Definition check_box (a : activation) (n : nat) (ts : seq term) (Delta : array) (points : seq point) (crossings : seq enclosure)
    (w : witness) (pairs reals : seq nat) : bool :=
  let AX := tab2 n (fun l i => close_modulus (entry (XTr w) i l) (entry (XTi w) i l)) in
  let AY := tab2 n (fun l i => close_modulus (entry (Yr w) i l) (entry (Yi w) i l)) in
  let Dl := entry (tab2 n (up_to (D w) Delta)) in
  let M := motion n Dl (entry AX) (fun i l => entry AY l i) in
  let parts := motion_parts n Dl (fun l i => BigZ.abs (entry (XTr w) i l)) (fun l i => BigZ.abs (entry (XTi w) i l))
    (fun i l => BigZ.abs (entry (Yr w) i l)) (fun i l => BigZ.abs (entry (Yi w) i l)) in
  let T := entry (tab2 n (fun i j => BigZ.min (entry M i j) (close_modulus (parts.1 i j) (parts.2 i j)))) in
  [&& box_ok n (D w) Delta Dl,
      allb n (fun i => allb n (fun j => (entry M i j <=? T i j) || at_most (parts.1 i j) (parts.2 i j) (T i j)))
    & check_with a n ts points crossings w pairs reals AX AY T].
