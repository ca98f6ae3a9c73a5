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
Hypotheses (hs : jets s s1 s2 s3) (s00 : s 0 = 0) (s10 : s1 0 = 1) (s20 : s2 0 = 0).
Let M := W + gamma%:M.
Hypothesis hx : M *m x + b = 0.
Let F := fun y : 'cV[real]_n => map_mx s (M *m y + b).
Let z (y : 'cV[real]_n) l := (M *m y) l 0 + b l 0.

Definition second (y u v : 'cV[real]_n) : 'cV[real]_n := \col_l (s2 (z y l) * (M *m u) l 0 * (M *m v) l 0).
Definition third (y u v w : 'cV[real]_n) : 'cV[real]_n := \col_l (s3 (z y l) * (M *m u) l 0 * (M *m v) l 0 * (M *m w) l 0).

Let zx l : z x l = 0. Proof. by have /matrixP /(_ l 0) := hx; rewrite [LHS]mxE [RHS]mxE. Qed.
Let FE y : \col_l s ((M *m y) l 0 + b l 0) = F y.
Proof. by apply/matrixP => i j; rewrite !ord1 /F; move: (M *m y) => t; rewrite !mxE. Qed.

Lemma network_derivatives : derivatives F x M (second x) (third x).
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
split=> // u; apply/matrixP => i j; rewrite !ord1 mxE zx s10 mul1r //.
Qed.

Lemma jacobian0 : is_derivative F x (mulmx M).
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

Lemma second0 (u v : 'cV[CC]_n) : extend2 (second x) u v = 0.
Proof.
have e y y' : second x y y' = 0 by apply/matrixP => i j; rewrite mxE zx s20 !mul0r mxE.
have t0 : toC (0 : 'cV[real]_n) = 0 by apply/matrixP => i j; rewrite !mxE.
rewrite /extend2 /extend !e !t0 !scaler0 !addr0 !scaler0; exact: addr0.
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
Lemma lyapunov_closed omega (q p : 'cV[CC]_n) : 0 < omega -> normalised_eigenvectors M omega q p ->
  (lyapunov M (second x) (third x) omega q p)%:C = (- s3 0 / 2%:R)%:C * (omega%:C ^+ 2 * 'Im (Ssum q (ct p))) :> CC.
Proof.
move=> om0 [Mq pM qq pq].
have omc : 0 < (omega%:C : CC) by rewrite ltcR.
have iE : Complex 0 omega = 'i * omega%:C :> CC by rewrite -complexiE; apply/eqP; rewrite eq_complex /= !(mul0r, mul1r, subr0, add0r, addr0, mulr0, oppr0) !eqxx.
have Mr : map_mx conjC Mc = Mc by apply/matrixP => i j; rewrite !mxE; exact: conjc_real.
have s3r : (s3 0)%:C \is (Num.real : qualifier 0 CC) by rewrite complex_real.
have np : normal_pair Mc omega%:C q p.
  split; [by rewrite -iE|by rewrite -iE; exact: pM|by rewrite -inner_mul|by rewrite -inner_mul].
have := l1_odd Mr s3r omc np; rewrite /l1 /layer2 !mulmx0.
have z00 : (0 : 'M[CC]_1) 0 0 = 0 by rewrite mxE.
rewrite !z00 mulr0 subr0 addr0 => e.
rewrite /lyapunov !second0 !inner_mul !mulmx0 !z00 mulr0 subr0 addr0 third0.
have mC (t t' : real) : (t * t')%:C = t%:C * t'%:C :> CC by rewrite rmorphM.
have vC (t : real) : (t^-1)%:C = (t%:C)^-1 :> CC by rewrite -fmorphV.
have nC (t : real) : (- t)%:C = - t%:C :> CC by rewrite rmorphN.
have twoC : (2%:R : real)%:C = 2%:R :> CC by rewrite rmorph_nat.
have o2 : (2%:R * omega)%R != 0 by rewrite mulf_neq0 ?pnatr_eq0 // gt_eqF.
rewrite RdivE // RmultE mC vC mC twoC complexRe; apply: etrans e _.
rewrite mC vC twoC nC; move: (s3 0)%:C (omega%:C) ('Im _) => t1 t2 t3.
by field.
Qed.
End Network.

(* the three activations *)
Lemma tanh_0 : (tanh 0 = 0)%R.
Proof. by rewrite /tanh sinh_0 RdivE ?mul0r // cosh_0; apply/eqP; apply: R1_neq_R0. Qed.
Lemma activation_jets a : exists s1 s2 s3, [/\ jets (sigma a) s1 s2 s3, sigma a 0 = 0, s1 0 = 1, s2 0 = 0
  & - s3 0 / 2%:R = match a with Sin => 1 / 2%:R | _ => 1 end].
Proof.
have two : (2%:R : real) = 2%R by [].
have d2 : (2%:R : real) != 0 by rewrite pnatr_eq0.
case: a.
- have t1 : (tanh1 0 = 1)%R by rewrite /tanh1 tanh_0 Rmult_0_l Rminus_0_r.
  have t2 : (tanh2 0 = 0)%R by rewrite /tanh2 tanh_0 Rmult_0_r Rmult_0_l.
  exists tanh1, tanh2, tanh3; split; [exact: jets_tanh|exact: tanh_0|exact: t1|exact: t2|].
  have -> : tanh3 0 = - 2%:R by rewrite /tanh3 t1 t2 tanh_0 Rmult_0_l Rplus_0_r !Rmult_1_r.
  by rewrite opprK divff.
- exists cos, (fun x => - sin x), (fun x => - cos x); split; [exact: jets_sin|exact: sin_0|exact: cos_0| |].
  + by rewrite sin_0 oppr0.
  + by rewrite cos_0 opprK.
- have a1 : (atan1 0 = 1)%R by rewrite /atan1 Rmult_0_l Rplus_0_r Rinv_1.
  have a2 : (Derivatives.atan2 0 = 0)%R by rewrite /Derivatives.atan2 Rmult_0_r Ropp_0 Rmult_0_l.
  exists atan1, Derivatives.atan2, atan3; split; [exact: jets_atan|exact: atan_0|exact: a1|exact: a2|].
  have -> : atan3 0 = - 2%:R by rewrite /atan3 a1 a2 Rmult_0_r Rmult_0_l Rminus_0_r !Rmult_1_r.
  by rewrite opprK divff.
Qed.
