(* A matrix that is dominant with respect to the real parts of its diagonal has as many eigenvalues on each side of the imaginary
   axis as diagonal entries: inertia with P = diag(w_i sign Re A_ii). *)
From mathcomp Require Import all_ssreflect all_algebra.
From Proofgen Require Import Inertia Dominance.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section Sides.
Variable C : numClosedFieldType.
Local Notation "A ^*t" := (ct A) (at level 2, format "A ^*t").

Lemma arith a b a' b' n : (a + b = n -> a' + b' = n -> a <= a' -> b <= b' -> a = a' /\ b = b')%N.
Proof.
move=> <- e la lb; have ha : a = a'.
  by apply/eqP; rewrite eqn_leq la -(leq_add2r b') e leq_add2l.
by split=> //; move: e; rewrite ha => /addnI.
Qed.

Lemma count_enum n (f : 'I_n -> C) (p : pred C) (rs : seq C) :
  perm_eq rs [seq f i | i <- enum 'I_n] -> count p rs = #|[pred i | p (f i)]|.
Proof.
by move=> /permP /(_ p) ->; rewrite count_map cardE /enum_mem size_filter filter_predT; apply: eq_count.
Qed.

(* P = diag(w_i sign Re A_ii) makes PA + A*P dominant, hence positive definite *)
Lemma count_dom n (A : 'M[C]_n) (w : 'I_n -> C) rs : (forall i, 0 < w i) ->
  (forall i, \sum_(j | j != i) (w i * `|A i j| + w j * `|A j i|) < (w i * `|'Re (A i i)|) *+ 2) ->
  char_poly A = \prod_(z <- rs) ('X - z%:P) ->
  count (fun z => 0 < 'Re z) rs = #|[pred i | (0 < 'Re (A i i))%R]| /\
  count (fun z => 'Re z < 0) rs = #|[pred i | ('Re (A i i) < 0)%R]|.
Proof.
move=> w0 dom cA.
have wr i : (w i)^* = w i by apply/CrealP; rewrite ger0_real // ltW.
pose sg i : C := if 0 < 'Re (A i i) then 1 else -1.
have sgr i : (sg i)^* = sg i by rewrite /sg; case: ifP => _; rewrite ?rmorphN rmorph1.
have sg1 i : `|sg i| = 1 by rewrite /sg; case: ifP => _; rewrite ?normrN normr1.
have ReA0 i : 'Re (A i i) != 0.
  apply: contraTneq (dom i) => ->; rewrite normr0 mulr0 mul0rn -real_leNgt ?real0 //.
    by apply: sumr_ge0 => j _; rewrite addr_ge0 // mulr_ge0 // ltW.
  by rewrite ger0_real // sumr_ge0 // => j _; rewrite addr_ge0 // mulr_ge0 // ltW.
have sgE i : sg i * 'Re (A i i) = `|'Re (A i i)|.
  rewrite /sg; case: ifP => h; first by rewrite mul1r gtr0_norm.
  by rewrite mulN1r ler0_norm // real_leNgt ?real0 ?Creal_Re ?h.
pose D : 'rV[C]_n := \row_i (w i * sg i).
have Dr i : (D 0 i)^* = D 0 i by rewrite mxE rmorphM wr sgr.
pose P := diag_mx D.
have hP : P^*t = P.
  apply/matrixP => i j; rewrite !mxE eq_sym rmorphMn; case: eqP => [->|]; last by rewrite !mulr0n.
  by have := Dr j; rewrite !mxE => ->.
pose H := P *m A + A^*t *m P.
have HE i j : H i j = D 0 i * A i j + (A j i)^* * D 0 j.
  by rewrite mxE mul_diag_mx mul_mx_diag !mxE.
have hH : H^*t = H by rewrite /H ctD !ctM ctK hP addrC.
have pH : pdef H.
  apply: dom_pdef hH _ => i; have -> : H i i = (w i * `|'Re (A i i)|) *+ 2.
    have -> : H i i = D 0 i * (A i i + (A i i)^*) by rewrite HE mulrDr [_^* * _]mulrC.
    by rewrite (_ : _ + _ = 'Re (A i i) *+ 2) ?mulrnAr ?mxE -?mulrA ?sgE // ReE -mulr_natr divfK ?pnatr_eq0.
  apply: le_lt_trans (dom i); apply: ler_sum => j _; rewrite HE.
  apply: le_trans (ler_norm_add _ _) _; rewrite !mxE !normrM !sg1 !mulr1 norm_conjC.
  by rewrite [`|A j i| * _]mulrC (ger0_norm (ltW (w0 i))) (ger0_norm (ltW (w0 j))).
have [T [lam [s [uT TP cl ls]]]] := inertia hP pH.
have pl : perm_eq rs [seq lam 0 i | i <- enum 'I_n].
  by apply: prod_perm; rewrite -cA cl big_map big_enum.
have sg0 i : sg i != 0 by rewrite -normr_eq0 sg1 oner_eq0.
have D0 i : D 0 i != 0 by rewrite mxE mulf_neq0 // gt_eqF.
have Drl i : D 0 i \is Num.real by apply/CrealP.
have Dpos i : (0 < D 0 i) = (0 < 'Re (A i i)).
  rewrite mxE pmulr_rgt0 // /sg; case: ifP => _; rewrite ?ltr01 // oppr_gt0.
  by apply/negbTE; rewrite -real_leNgt ?ler01 ?real1 ?real0.
have Dneg i : (D 0 i < 0) = ('Re (A i i) < 0).
  by rewrite !real_ltNge ?real0 ?Creal_Re // !le_eqVlt Dpos ![0 == _]eq_sym (negPf (D0 i)) (negPf (ReA0 i)).
have s0 i : s 0 i != 0 by case: (ls i) => _; apply: contraTneq => ->; rewrite mul0r ltxx.
have l0 i : 'Re (lam 0 i) != 0 by case: (ls i) => _; apply: contraTneq => ->; rewrite mulr0 ltxx.
have spos i : (0 < s 0 i) = (0 < 'Re (lam 0 i)).
  case: (ls i) => sr h; apply/idP/idP => h1; first by move: h; rewrite pmulr_rgt0.
  by move: h; rewrite pmulr_lgt0.
have sneg i : (s 0 i < 0) = ('Re (lam 0 i) < 0).
  case: (ls i) => sr _.
  by rewrite !real_ltNge ?real0 ?Creal_Re // !le_eqVlt spos ![0 == _]eq_sym (negPf (s0 i)) (negPf (l0 i)).
have le1 := sylvester uT TP Drl.
have le2 : (#|[pred i | ('Re (lam 0 i) < 0)%R]| <= #|[pred i | ('Re (A i i) < 0)%R]|)%N.
  have TP' : T^*t *m diag_mx (- D) *m T = diag_mx (- s) by rewrite !linearN mulNmx -/P TP.
  have rD' i : (- D) 0 i \is Num.real by rewrite mxE rpredN.
  apply: (leq_trans (eq_leq _) (leq_trans (sylvester uT TP' rD') (eq_leq _))); apply: eq_card => i.
    by rewrite !inE mxE oppr_gt0 sneg.
  by rewrite !inE mxE oppr_gt0 Dneg.
have le1' : (#|[pred i | (0 < 'Re (lam 0%R i))%R]| <= #|[pred i | (0 < 'Re (A i i))%R]|)%N.
  apply: (leq_trans (eq_leq _) (leq_trans le1 (eq_leq _))); apply: eq_card => i.
    by rewrite !inE spos.
  by rewrite !inE Dpos.
rewrite !(count_enum _ pl).
have cC (f : 'I_n -> C) : (forall i, f i \is Num.real) -> (forall i, f i != 0) ->
   (#|[pred i | (0 < f i)%R]| + #|[pred i | (f i < 0)%R]| = n)%N.
  move=> fr f0; rewrite -[RHS]card_ord -(cardC [pred i | 0 < f i]); congr (_ + _)%N.
  by apply: eq_card => i; rewrite !inE real_ltNge ?real0 // negbK le_eqVlt (negPf (f0 i)).
have e1 := cC (fun i => 'Re (lam 0 i)) (fun i => Creal_Re _) l0.
have e2 := cC (fun i => 'Re (A i i)) (fun i => Creal_Re _) ReA0.
exact: arith e1 e2 le1' le2.
Qed.

End Sides.
