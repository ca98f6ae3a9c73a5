(* Theorem A of FORMAT.md, section 8: the whole spectrum of W from one approximate similarity Y W X.
   R = I - YX has row sums r_i <= rho < 1; then X is invertible, X^-1 = (I + S) Y with row sums of S at most s_i = r_i/(1 - rho),
   and the Gershgorin discs of M = X^-1 W X = (I + S) N, N = Y W X, lie in the discs |z - d_i| <= g_i. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Proofgen Require Import Inertia Dominance.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section TheoremA.
Variable C : numClosedFieldType.

Record similarity_bounds n (X Y W : 'M[C]_n) (d r s g : 'I_n -> C) (rho normN : C) : Prop := {
  rowR : forall i, \sum_j `|(1%:M - Y *m X) i j| <= r i;
  r_rho : forall i, r i <= rho;
  rho_lt1 : rho < 1;
  s_def : forall i, r i <= s i * (1 - rho);
  rowN : forall i, \sum_j `|(Y *m W *m X) i j| <= normN;
  g_def : forall i, `|(Y *m W *m X) i i - d i| + \sum_(j | j != i) `|(Y *m W *m X) i j| + s i * normN <= g i }.

Section A.
Variables (n : nat) (X Y W : 'M[C]_n) (d r s g : 'I_n -> C) (rho normN : C).
Hypothesis bounds : similarity_bounds X Y W d r s g rho normN.
Let R := 1%:M - Y *m X.
Let N := Y *m W *m X.
Let M := invmx X *m W *m X.
Let S := invmx (Y *m X) - 1%:M.

Lemma YX_unit : Y *m X \in unitmx.
Proof.
have -> : Y *m X = 1%:M - R by rewrite /R opprB addrC subrK.
apply: LD => i; rewrite (eq_bigr (fun j => `|R i j|)); last first.
  by move=> j /negPf ji; rewrite !mxE eq_sym ji sub0r normrN.
have := le_lt_trans (le_trans (rowR bounds i) (r_rho bounds i)) (rho_lt1 bounds).
rewrite (bigD1 i) //= -ltr_subr_addl => /lt_le_trans; apply.
by rewrite [X in _ <= `|X|]mxE [X in _ <= `|X + _|]mxE eqxx [X in _ <= `|_ + X|]mxE; have := ler_sub_dist 1 (R i i); rewrite normr1.
Qed.
Lemma X_unit : X \in unitmx.
Proof. by have := YX_unit; rewrite unitmx_mul => /andP []. Qed.
Lemma Y_unit : Y \in unitmx.
Proof. by have := YX_unit; rewrite unitmx_mul => /andP []. Qed.

Lemma invX : invmx X = (1%:M + S) *m Y.
Proof.
rewrite /S [_ + (_ - _)]addrC subrK; have := YX_unit; move: X_unit Y_unit => uX uY uYX.
by rewrite -[LHS](mulKmx uYX) -!mulmxA mulmxV // mulmx1.
Qed.

Lemma M_split : M = N + S *m N.
Proof. by rewrite /M invX /N -!mulmxA mulmxDl mul1mx. Qed.

Lemma s_ge0 i : 0 <= s i.
Proof.
have p1 : 0 < 1 - rho by rewrite subr_gt0 (rho_lt1 bounds).
rewrite -(pmulr_lge0 _ p1); apply: le_trans (s_def bounds i); apply: le_trans (rowR bounds i).
by rewrite sumr_ge0.
Qed.

Lemma rowS i : \sum_j `|S i j| <= s i.
Proof.
have SE : S = R + R *m S.
  have : (1%:M - R) *m (1%:M + S) = 1%:M.
    by rewrite /S [_ + (_ - _)]addrC subrK /R opprB addrC subrK mulmxV ?YX_unit.
  rewrite mulmxBl mul1mx mulmxDr mulmx1 => /eqP; rewrite subr_eq -!addrA (inj_eq (addrI _)) => /eqP.
  by rewrite addrC.
have [|k hk] := @real_max _ _ (fun i => \sum_j `|S i j|) i.
  by move=> j; rewrite ger0_real // sumr_ge0.
set sg := \sum_j `|S k j| in hk *.
have row l : \sum_j `|S l j| <= r l * (1 + sg).
  rewrite mulrDr mulr1; apply: le_trans (_ : \sum_j `|R l j| + \sum_j `|(R *m S) l j| <= _).
    rewrite -big_split /=; apply: ler_sum => j _; rewrite {1}SE mxE; exact: ler_norm_add.
  apply: ler_add; first exact: (rowR bounds).
  apply: le_trans (_ : \sum_m `|R l m| * sg <= _); last first.
    rewrite -mulr_suml ler_wpmul2r ?sumr_ge0 //; exact: (rowR bounds).
  apply: le_trans (_ : \sum_j \sum_m `|R l m| * `|S m j| <= _).
    apply: ler_sum => j _; rewrite mxE; apply: le_trans (ler_norm_sum _ _ _) _.
    by apply: ler_sum => m _; rewrite normrM.
  by rewrite exchange_big /=; apply: ler_sum => m _; rewrite -mulr_sumr ler_wpmul2l.
have sg0 : 0 <= sg by rewrite sumr_ge0.
have h1 : (1 + sg) * (1 - rho) <= 1.
  have : sg <= rho * (1 + sg) by apply: le_trans (row k) _; rewrite ler_wpmul2r ?addr_ge0 ?ler01 ?(r_rho bounds).
  by rewrite mulrBr mulr1 [_ * rho]mulrC ler_subl_addr ler_add2l.
have p1 : 0 < 1 - rho by rewrite subr_gt0 (rho_lt1 bounds).
apply: le_trans (row i) _; rewrite -(ler_pmul2r p1) -mulrA; apply: le_trans (s_def bounds i).
by apply: ler_pimulr => //; apply: le_trans (rowR bounds i); rewrite sumr_ge0.
Qed.

Lemma entryM i j nu : (forall l, `|N l j| <= nu) -> `|M i j| <= `|N i j| + s i * nu.
Proof.
move=> hnu; have nu0 : 0 <= nu by apply: le_trans (hnu i); apply: normr_ge0.
rewrite M_split mxE; apply: le_trans (ler_norm_add _ _) _; rewrite ler_add2l mxE.
apply: le_trans (ler_norm_sum _ _ _) _; apply: le_trans (_ : \sum_l `|S i l| * nu <= _).
  by apply: ler_sum => l _; rewrite normrM ler_wpmul2l.
by rewrite -mulr_suml ler_wpmul2r // rowS.
Qed.

Lemma discs i : `|M i i - d i| + \sum_(j | j != i) `|M i j| <= g i.
Proof.
apply: le_trans (g_def bounds i).
apply: le_trans (_ : `|N i i - d i| + `|(S *m N) i i| + (\sum_(j | j != i) `|N i j| + \sum_(j | j != i) `|(S *m N) i j|) <= _).
  apply: ler_add; first by rewrite M_split mxE addrAC ler_norm_add.
  by rewrite -big_split /=; apply: ler_sum => j _; rewrite M_split mxE ler_norm_add.
rewrite addrACA; apply: ler_add => //; rewrite -(bigD1 i (P := xpredT)) //=.
apply: le_trans (_ : \sum_j \sum_k `|S i k| * `|N k j| <= _).
  by apply: ler_sum => j _; rewrite mxE; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => m _; rewrite normrM.
rewrite exchange_big /=; apply: le_trans (_ : \sum_m `|S i m| * normN <= _).
  by apply: ler_sum => m _; rewrite -mulr_sumr ler_wpmul2l //; apply: (rowN bounds).
rewrite -mulr_suml ler_wpmul2r //; first by apply: le_trans (rowN bounds i); apply: sumr_ge0.
exact: rowS.
Qed.

Lemma char_poly_M : char_poly M = char_poly W.
Proof. exact/char_poly_sim/X_unit. Qed.
End A.
End TheoremA.
