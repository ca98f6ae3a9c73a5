(* From the vector field of a network to its spectrum: derivatives at an equilibrium of the zero branch, uniqueness of the Jacobian, and the first
   Lyapunov coefficient of the statement in terms of complex matrices. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra complex Rstruct ring.
From Proofgen Require Import Inertia Dominance Lyapunov Statement Derivatives.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.
Local Open Scope complex_scope.

Notation CC := (complex_numClosedFieldType R_rcfType).

Lemma is_derivative_ext n (F G : 'cV[real]_n -> 'cV[real]_n) x L L' :
  (forall y, F y = G y) -> (forall h, L h = L' h) -> is_derivative F x L -> is_derivative G x L'.
Proof.
move=> FG LL [lin h]; split=> [a u v|eps e0]; first by rewrite -!LL.
by have [d [d0 hd]] := h eps e0; exists d; split=> // y r hy hr; rewrite -!FG -LL; apply: hd.
Qed.

(* two derivatives at the same point agree *)
Lemma derivative_unique n (F : 'cV[real]_n -> 'cV[real]_n) x (A B : 'M[real]_n) :
  is_derivative F x (mulmx A) -> is_derivative F x (mulmx B) -> A = B.
Proof.
move=> [_ hA] [_ hB]; suff key (h : 'cV_n) : A *m h = B *m h.
  by apply/matrixP => i j; have /matrixP /(_ i 0) := key (delta_mx j 0); rewrite -!colE !mxE.
pose r := 1 + \sum_j `|h j 0|.
have r0 : 0 < r by rewrite ltr_spaddl ?ltr01 // sumr_ge0.
have hr j : `|h j 0| <= r.
  apply: le_trans (_ : \sum_j `|h j 0| <= _); last by rewrite ler_addr ler01.
  by rewrite (bigD1 j) //= ler_addl sumr_ge0.
apply/matrixP => i j; rewrite ord1; apply/eqP; rewrite -subr_eq0; apply: contraT => nz.
set c := (A *m h) i 0 - _ in nz; have c0 : 0 < `|c| by rewrite normr_gt0.
pose eps := `|c| / r / 3%:R; have e0 : 0 < eps by rewrite !divr_gt0 ?ltr0n.
have [d1 [d10 h1]] := hA eps e0; have [d2 [d20 h2]] := hB eps e0.
pose t := Num.min (d1 / r) (d2 / r); have t0 : 0 < t by rewrite lt_minr !divr_gt0.
have bt : bounded (t *: h) (t * r) by move=> k; rewrite mxE normrM gtr0_norm // ler_pmul2l.
have t1 : t * r <= d1 by rewrite -ler_pdivl_mulr // le_minl lexx.
have t2 : t * r <= d2 by rewrite -ler_pdivl_mulr // le_minl lexx orbT.
have := h1 _ _ bt t1 i; have := h2 _ _ bt t2 i; set u := F (x + t *: h) - F x => u1 u2.
have : `|t * c| <= eps * (t * r) + eps * (t * r).
  have -> : t * c = (u - mulmx B (t *: h)) i 0 - (u - mulmx A (t *: h)) i 0.
    by rewrite /c -!scalemxAr; move: (A *m h) (B *m h) u {u1 u2 c nz c0 eps e0 h1 h2} => a b v; rewrite !mxE opprB [RHS]addrC subrKA mulrBr.
  by apply: le_trans (ler_norm_sub _ _) _; rewrite ler_add.
rewrite normrM gtr0_norm // /eps => /le_lt_trans lt; have := lt (t * `|c|); rewrite ltxx => -> //.
have -> : `|c| / r / 3%:R * (t * r) = t * `|c| / 3%:R by rewrite mulrCA -[RHS]mulrA; congr (_ * _); rewrite mulrAC divfK ?gt_eqF.
rewrite -mulrDl -mulr2n -mulr_natr -mulrA.
rewrite -[X in _ < X]mulr1 ltr_pmul2l ?mulr_gt0 // ltr_pdivr_mulr ?ltr0n // mul1r ltr_nat //.
Qed.

Section Network.
Variables (n : nat) (s s1 s2 s3 : real -> real) (W : 'M[real]_n) (gamma : real) (b x : 'cV[real]_n).
Hypotheses (hs : jets s s1 s2 s3) (s00 : s 0 = 0).
Let M := W + gamma%:M.
Hypothesis hx : M *m x + b = 0.
Let F := fun y : 'cV[real]_n => map_mx s (M *m y + b).
Let z (y : 'cV[real]_n) l := (M *m y) l 0 + b l 0.

Definition second (y u v : 'cV[real]_n) : 'cV[real]_n := \col_l (s2 (z y l) * (M *m u) l 0 * (M *m v) l 0).
Definition third (y u v w : 'cV[real]_n) : 'cV[real]_n := \col_l (s3 (z y l) * (M *m u) l 0 * (M *m v) l 0 * (M *m w) l 0).

Let zx l : z x l = 0. Proof. by have /matrixP /(_ l 0) := hx; rewrite [LHS]mxE [RHS]mxE. Qed.
Let FE y : \col_l s ((M *m y) l 0 + b l 0) = F y.
Proof. by apply/matrixP => i j; rewrite !ord1 /F; move: (M *m y) => t; rewrite !mxE. Qed.

Lemma network_derivatives : derivatives F x (s1 0 *: M) (second x) (third x).
Proof.
have [h1 h2 h3] := hs; exists (fun y u => \col_l (s1 (z y l) * (M *m u) l 0)), second, third; split.
- move=> y; apply: is_derivative_ext (layer_derivative (g := fun l t => s (t + b l 0)) M y (fun l t => derivable_shift (h1 _))) => //.
- move=> y u; apply: is_derivative_ext (layer_derivative (g := fun l t => s1 (t + b l 0) * (M *m u) l 0)
    (g' := fun l t => s2 (t + b l 0) * (M *m u) l 0) M y _) => // l t.
  have := derivable_pt_lim_mult (fun t => s1 (t + b l 0)) (fun=> (M *m u) l 0) t _ _ (derivable_shift (h2 _)) (derivable_pt_lim_const _ t).
  by rewrite Rmult_0_r Rplus_0_r.
- move=> y u v; apply: is_derivative_ext (layer_derivative (g := fun l t => s2 (t + b l 0) * (M *m u) l 0 * (M *m v) l 0)
    (g' := fun l t => s3 (t + b l 0) * (M *m u) l 0 * (M *m v) l 0) M y _) => // l t.
  have := derivable_pt_lim_mult (fun t => s2 (t + b l 0)) (fun=> (M *m u) l 0) t _ _ (derivable_shift (h3 _)) (derivable_pt_lim_const _ t).
  rewrite Rmult_0_r Rplus_0_r => h.
  by have := derivable_pt_lim_mult _ (fun=> (M *m v) l 0) t _ _ h (derivable_pt_lim_const _ t); rewrite Rmult_0_r Rplus_0_r.
split=> // u; apply/matrixP => i j; rewrite !ord1 -scalemxAl [LHS]mxE zx [RHS]mxE //.
Qed.

Lemma jacobian0 : is_derivative F x (mulmx (s1 0 *: M)).
Proof.
have [D1 [_ [_ [h _ _ [e _ _]]]]] := network_derivatives.
by apply: is_derivative_ext (h x).
Qed.

Lemma field0 : F x = 0.
Proof. by rewrite /F hx; apply/matrixP => i j; rewrite !mxE s00. Qed.

(* ---------------------------------------------------------------- complex vectors *)
Let Mc : 'M[CC]_n := toC M.

Lemma mul_toC (u : 'cV[CC]_n) l : (Mc *m u) l 0 = ((M *m re u) l 0)%:C + 'i%C * ((M *m im u) l 0)%:C.
Proof.
rewrite !mxE !rmorph_sum mulr_sumr -big_split /=; apply: eq_bigr => j _.
by rewrite !mxE [u j 0 in LHS]complexE mulrDr !rmorphM /= mulrCA.
Qed.

Lemma second0 (u v : 'cV[CC]_n) : extend2 (second x) u v = layer2 Mc (s2 0)%:C u v :> 'cV[CC]_n.
Proof.
have sc y1 y2 : second x y1 y2 = \col_l (s2 0 * (M *m y1) l 0 * (M *m y2) l 0).
  by apply/matrixP => i j; rewrite [LHS]mxE zx [RHS]mxE.
apply/matrixP => l j; rewrite !ord1 /layer2 [RHS]mxE !mul_toC /extend2 /extend !sc.
move: (M *m re u) (M *m im u) (M *m re v) (M *m im v) => a a' c c'.
rewrite !mxE !rmorphM /=.
move: (a l 0)%:C (a' l 0)%:C (c l 0)%:C (c' l 0)%:C (s2 0)%:C => x1 x2 y1 y2 t.
by ring.
Qed.

Lemma third0 (u v w : 'cV[CC]_n) : extend3 (third x) u v w = layer3 Mc (s3 0)%:C u v w :> 'cV[CC]_n.
Proof.
have th y1 y2 y3 : third x y1 y2 y3 = \col_l (s3 0 * (M *m y1) l 0 * (M *m y2) l 0 * (M *m y3) l 0).
  by apply/matrixP => i j; rewrite [LHS]mxE zx [RHS]mxE.
apply/matrixP => l j; rewrite !ord1 /layer3 [RHS]mxE !mul_toC /extend3 /extend !th.
move: (M *m re u) (M *m im u) (M *m re v) (M *m im v) (M *m re w) (M *m im w) => a a' c c' d d'.
rewrite !mxE !rmorphM /=.
move: (a l 0)%:C (a' l 0)%:C (c l 0)%:C (c' l 0)%:C (d l 0)%:C (d' l 0)%:C (s3 0)%:C => x1 x2 y1 y2 z1 z2 t.
by ring.
Qed.

Lemma inner_mul (p v : 'cV[CC]_n) : inner p v = (ct p *m v) 0 0.
Proof. by rewrite /inner mxE; apply: eq_bigr => i _; rewrite !mxE. Qed.

(* the statement's first Lyapunov coefficient of a normalised pair *)
Section Closed.
Variables (kappa c e nu : real) (q p : 'cV[CC]_n).
Hypotheses (s10 : 0 < s1 0) (nu0 : 0 < nu).
Hypothesis h3 : 3%:R * (s2 0 * s2 0) - s3 0 * s1 0 = 2%:R * (s1 0 * s1 0) * kappa * c.
Hypothesis h2 : s2 0 * s2 0 = 2%:R * (s1 0 * s1 0) * kappa * e.
Let zeta : CC := 2%:R * 'i * nu%:C.
Hypotheses (uM : Mc \in unitmx) (uR : zeta%:M - Mc \in unitmx).

Lemma lyapunov_closed : normalised_eigenvectors (s1 0 *: M) (s1 0 * nu) q p ->
  (lyapunov (s1 0 *: M) (second x) (third x) (s1 0 * nu) q p)%:C =
  kappa%:C * (nu%:C ^+ 2 * 'Im (Tsum c%:C e%:C nu%:C (invmx (zeta%:M - Mc)) q (ct p))) :> CC.
Proof.
move=> [Mq _ _ _].
have mC (t t' : real) : (t * t')%:C = t%:C * t'%:C :> CC by rewrite rmorphM.
have nuc : 0 < (nu%:C : CC) by rewrite ltcR.
have s1c : (s1 0)%:C != 0 :> CC by rewrite gt_eqF // ltcR.
have iE t : Complex 0 t = 'i * t%:C :> CC.
  by rewrite -complexiE; apply/eqP; rewrite eq_complex /= !(mul0r, mul1r, subr0, add0r, addr0, mulr0, oppr0) !eqxx.
have Mr : map_mx conjC Mc = Mc by apply/matrixP => i j; rewrite !mxE; exact: conjc_real.
have rC t : t%:C \is (Num.real : qualifier 0 CC) by rewrite complex_real.
have AE : toC (s1 0 *: M) = (s1 0)%:C *: Mc by apply/matrixP => i j; rewrite !mxE rmorphM.
have Mq' : Mc *m q = ('i * nu%:C) *: q.
  by apply: (scalerI s1c); rewrite scalemxAl -AE Mq iE mC scalerA mulrCA.
have twoC : (2%:R : real)%:C = 2%:R :> CC by rewrite rmorph_nat.
have threeC : (3%:R : real)%:C = 3%:R :> CC by rewrite rmorph_nat.
have h3c : 3%:R * ((s2 0)%:C * (s2 0)%:C) - (s3 0)%:C * (s1 0)%:C = 2%:R * ((s1 0)%:C * (s1 0)%:C) * kappa%:C * c%:C :> CC.
  by rewrite -threeC -twoC -!mC -rmorphB; congr (_%:C).
have h2c : (s2 0)%:C * (s2 0)%:C = 2%:R * ((s1 0)%:C * (s1 0)%:C) * kappa%:C * e%:C :> CC.
  by rewrite -twoC -!mC h2.
have := l1_layer (s3 := (s3 0)%:C) p Mr (rC _) s1c (rC kappa) nuc h3c h2c uM uR Mq'; rewrite /l1 -mC => <-.
have vC (t : real) : (t^-1)%:C = (t%:C)^-1 :> CC by rewrite -fmorphV.
have o2 : (2%:R * (s1 0 * nu))%R != 0 by rewrite !mulf_neq0 ?pnatr_eq0 // gt_eqF.
rewrite /lyapunov !second0 !inner_mul third0 AE RdivE // RmultE mC vC [(2%:R * (s1 0 * nu))%:C]mC twoC complexRe iE [(2%:R * (s1 0 * nu))%:C]mC twoC.
by rewrite [2%:R * 'i * _]mulrAC [in RHS]mulrC.
Qed.
End Closed.
End Network.
