(* The inequalities that the computation checks are the hypotheses of Theorems A and B. *)
From Coq Require Import ZArith QArith.
From Bignums Require Import BigZ.
From mathcomp Require Import all_ssreflect all_algebra ssrZ ring.
From Proofgen Require Import Inertia Dominance TheoremA Isolation TheoremB Resolvent Lyapunov Statement Checker Integers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Delimit Scope Z_scope with Z.
Delimit Scope bigZ_scope with bigZ.
Local Open Scope ring_scope.

Section Scaling.
Variable C : numClosedFieldType.
Implicit Types a b x y z e f : C.

Lemma cross1C a b x y e f : 0 < e -> 0 < f -> a * e + b * x <= y * e -> a / f + b / e * (x / f) <= y / f.
Proof.
move=> e0 f0; rewrite -(ler_pmul2r (mulr_gt0 f0 e0)) => h; rewrite -(ler_pmul2r (mulr_gt0 f0 e0)) -(ler_pmul2r (mulr_gt0 f0 e0)).
have -> : (a / f + b / e * (x / f)) * (f * e) * (f * e) = (a * e + b * x) * (f * e) by field; rewrite ?gt_eqF.
by have -> : y / f * (f * e) * (f * e) = y * e * (f * e) by field; rewrite ?gt_eqF.
Qed.
Lemma cross2C a b x y z e f : 0 < e -> 0 < f -> a * e + b * x <= y * z -> a / f + b / f * (x / e) <= y / f * (z / e).
Proof.
move=> e0 f0 h; rewrite -(ler_pmul2r (mulr_gt0 f0 e0)).
have -> : (a / f + b / f * (x / e)) * (f * e) = a * e + b * x by field; rewrite ?gt_eqF.
by have -> : y / f * (z / e) * (f * e) = y * z by field; rewrite ?gt_eqF.
Qed.

Lemma near_le x y r : x \is Num.real -> y \is Num.real -> `|x - y| <= r -> x <= y + r /\ - x <= - y + r.
Proof.
move=> xr yr; rewrite real_ler_distl ?rpredB // => /andP [h1 h2]; split=> //.
by rewrite addrC -opprB ler_opp2.
Qed.

(* squares of nearby numbers *)
Lemma product_near (q q0 Q eq : C) : `|q - q0| <= eq -> `|q0| <= Q -> `|q * q - q0 * q0| <= (2%:R * Q + eq) * eq.
Proof.
move=> hq hQ; have -> : q * q - q0 * q0 = (q + q0) * (q - q0) by ring.
rewrite normrM; apply: ler_pmul => //; apply: le_trans (ler_norm_add _ _) _.
have -> : 2%:R * Q + eq = Q + eq + Q by ring.
by apply: ler_add => //; apply: norm_near hq hQ.
Qed.

Lemma below_scale num den hn hd o t q e f : 0 < den -> 0 < hd -> 0 < q -> 0 < e -> 0 < f ->
  num * (o * o * t) * hd <= f * e * (f * e) * f * hn * den * q ->
  num / den * ((o / f) ^+ 2 * (t / (e * e * (e * e) * f)) / (q / (e * e))) <= hn / hd.
Proof.
move=> den0 hd0 q0 e0 f0 h; have p : 0 < f * e * (f * e) * f * den * q * hd by rewrite !mulr_gt0.
rewrite -(ler_pmul2r p).
have -> : num / den * ((o / f) ^+ 2 * (t / (e * e * (e * e) * f)) / (q / (e * e))) * (f * e * (f * e) * f * den * q * hd) = num * (o * o * t) * hd.
  by field; rewrite ?gt_eqF.
by have -> : hn / hd * (f * e * (f * e) * f * den * q * hd) = f * e * (f * e) * f * hn * den * q by field; rewrite ?gt_eqF.
Qed.

(* o^2 s / q from bounds of each *)
Lemma quotient_upper (O S Q o1 o2 s q1 q2 : C) : 0 < o1 -> o1 <= O -> O <= o2 -> S <= s -> 0 < q1 -> q1 <= Q -> Q <= q2 ->
  s \is Num.real -> O ^+ 2 * S / Q <= (if 0 <= s then o2 ^+ 2 * s / q1 else o1 ^+ 2 * s / q2).
Proof.
move=> o10 h1 h2 hs q10 h3 h4 sr; have O0 : 0 < O := lt_le_trans o10 h1; have Q0 : 0 < Q := lt_le_trans q10 h3.
have q20 : 0 < q2 := lt_le_trans Q0 h4.
apply: le_trans (_ : O ^+ 2 * s / Q <= _); first by rewrite ler_pmul2r ?invr_gt0 // ler_wpmul2l // exprn_ge0 ?ltW.
case: ifP => [s0|/negbT]; last rewrite -real_ltNge ?real0 // => s0.
  apply: ler_pmul; rewrite ?mulr_ge0 ?exprn_ge0 ?invr_ge0 ?(ltW O0) ?(ltW Q0) //; last by rewrite lef_pinv ?posrE.
  by rewrite ler_wpmul2r // ler_expn2r ?nnegrE ?(ltW O0) // (le_trans (ltW O0)).
have E y z : - (y * s / z) = y * (- s) / z by rewrite mulrN mulNr.
rewrite -ler_opp2 !E; have s0' : 0 <= - s by rewrite oppr_ge0 ltW.
apply: ler_pmul; rewrite ?mulr_ge0 ?exprn_ge0 ?invr_ge0 ?(ltW o10) ?(ltW q20) //; last by rewrite lef_pinv ?posrE.
by rewrite ler_wpmul2r // ler_expn2r ?nnegrE ?(ltW O0) ?(ltW o10).
Qed.

(* the same times kappa, which has bounds too *)
Lemma times_upper (kappa k1 k2 x s y1 y2 : C) : 0 < k1 -> k1 <= kappa -> kappa <= k2 -> 0 < y1 -> 0 < y2 -> s \is Num.real ->
  x <= (if 0 <= s then y1 * s else y2 * s) -> kappa * x <= (if 0 <= s then k2 * (y1 * s) else k1 * (y2 * s)).
Proof.
move=> k10 h1 h2 y10 y20 sr; have kp : 0 < kappa := lt_le_trans k10 h1.
case: ifP => [s0|/negbT]; last rewrite -real_ltNge ?real0 // => s0.
  move=> /(ler_wpmul2l (ltW kp)) /le_trans; apply; apply: ler_wpmul2r => //; first by rewrite mulr_ge0 // ltW.
move=> /(ler_wpmul2l (ltW kp)) /le_trans; apply; rewrite -ler_opp2 -!mulrN; apply: ler_wpmul2r => //.
by rewrite mulr_ge0 ?(ltW y20) // oppr_ge0 ltW.
Qed.
End Scaling.

Section Sound.
Variable C : numClosedFieldType.
Variables (n : nat) (ts : seq term) (w : witness).
Local Notation phi := (phi C).
Local Notation cx := (cx C).
Let m := compute n ts w.
Let e := phi (E w).
Let f := phi (E w) * phi (D w).

(* the matrix W, real but with complex entries; X and Y of the witness *)
Definition Wmat : 'M[C]_n := \matrix_(i, j) (phi (Ventry (combined (D w) ts) i j) / phi (D w)).
Let Xm : 'M[C]_n := \matrix_(i, j) cx (entry (XTr w) j i) (entry (XTi w) j i).
Let Ym : 'M[C]_n := \matrix_(i, j) (cx (entry (Yr w) i j) (entry (Yi w) i j) / e).
Let d (i : 'I_n) : C := cx (nth 0%bigZ (dr w) i) (nth 0%bigZ (di w) i) / f.

Hypotheses (wXr : wf n (XTr w)) (wXi : wf n (XTi w)) (wYr : wf n (Yr w)) (wYi : wf n (Yi w)).
Hypotheses (E0 : (0 <? E w)%bigZ) (D0 : (0 <? D w)%bigZ).

Let e0 : 0 < e. Proof. exact: phi_gt0. Qed.
Let D0' : 0 < phi (D w). Proof. exact: phi_gt0. Qed.
Let f0 : 0 < f. Proof. exact: mulr_gt0. Qed.
Let fE : phi (E w * D w)%bigZ = f. Proof. exact: phiM. Qed.
Let ne : e != 0. Proof. exact: lt0r_neq0. Qed.
Let nf : f != 0. Proof. exact: lt0r_neq0. Qed.
Let er : e \is Num.real. Proof. exact: phi_real. Qed.
Let fr : f \is Num.real. Proof. by rewrite rpredM ?phi_real. Qed.

Lemma Wmat_real : map_mx conjC Wmat = Wmat.
Proof. by apply/matrixP => i j; rewrite !mxE; apply/CrealP; rewrite rpred_div ?phi_real. Qed.

Lemma R_entry (i j : 'I_n) : (1%:M - Ym *m Xm) i j = cx (Rre m i j) (Rim m i j) / e.
Proof.
have ii := ltn_ord i; have jj := ltn_ord j.
have YX : (Ym *m Xm) i j = (\sum_(k < n) (phi (entry (Yr w) i k) * phi (entry (XTr w) j k) - phi (entry (Yi w) i k) * phi (entry (XTi w) j k))
  + 'i * \sum_(k < n) (phi (entry (Yr w) i k) * phi (entry (XTi w) j k) + phi (entry (Yi w) i k) * phi (entry (XTr w) j k))) / e.
  rewrite mxE mulr_sumr -big_split /= mulr_suml; apply: eq_bigr => k _.
  by rewrite !mxE mulrAC /cx cmul.
have -> : (1%:M - Ym *m Xm) i j = (1%:M : 'M[C]_n) i j - (Ym *m Xm) i j by rewrite !mxE.
rewrite YX /cx [Rre m i j]/= [Rim m i j]/= phiB phiN phiB phiD.
rewrite !(@outer_entry _ n) // -sumrB -big_split /=.
have -> : (1%:M : 'M[C]_n) i j = phi (if i == j :> nat then E w else 0%bigZ) / e.
  rewrite mxE -[i == j]/(i == j :> nat); case: ifP => _; first by rewrite divff.
  by rewrite phi0 mul0r.
by rewrite -mulrBl opprD addrA mulrN.
Qed.

Lemma N_entry (i j : 'I_n) : (Ym *m Wmat *m Xm) i j = cx (Nre m i j) (Nim m i j) / f.
Proof.
set V := tab2 n (Ventry (combined (D w) ts)); have wV : wf n V := tab2_wf n _.
have ii := ltn_ord i; have jj := ltn_ord j.
rewrite -mulmxA mxE /cx [Nre m i j]/= [Nim m i j]/= phiB phiD !(@outer_entry _ n) ?outer_wf // -sumrB -big_split /=.
rewrite mulr_sumr -big_split /= mulr_suml; apply: eq_bigr => k _.
have kk := ltn_ord k.
have -> : (Wmat *m Xm) k j = (phi (entry (outer (XTr w) V) j k) + 'i * phi (entry (outer (XTi w) V) j k)) / phi (D w).
  rewrite !(@outer_entry _ n) // mxE mulr_sumr -big_split /= mulr_suml; apply: eq_bigr => l _.
  by rewrite !mxE /V !tab2_entry // /cx mulrAC; congr (_ / _); ring.
rewrite mxE /cx mulrACA -invfM cmul; congr (_ / _).
Qed.

Lemma cx_norm a b x : 0 < x -> `|cx a b / x| <= phi (modulus a b) / x.
Proof. by move=> x0; rewrite normrM normfV (gtr0_norm x0) ler_pmul2r ?invr_gt0 // modulus_le. Qed.
Lemma phi_le_div a b x : 0 < x -> (a <=? b)%bigZ -> phi a / x <= phi b / x.
Proof. by move=> x0 h; rewrite ler_pmul2r ?invr_gt0 // phi_le. Qed.

Let Red i : 'Re (d i) = phi (nth 0%bigZ (dr w) i) / f.
Proof. by rewrite /d ReMr ?rpredV // cxRe. Qed.
Let Imd i : 'Im (d i) = phi (nth 0%bigZ (di w) i) / f.
Proof. by rewrite /d ImMr ?rpredV // cxIm. Qed.

(* any matrix W near Wmat *)
Variable W : 'M[C]_n.
Hypothesis W_real : map_mx conjC W = W.

(* how far N moves from Wmat to W, at most *)
Definition small_motion (T : nat -> nat -> bigZ) : Prop := forall i j : 'I_n, `|(Ym *m (W - Wmat) *m Xm) i j| <= phi (T i j) / f.

Lemma no_motion : W = Wmat -> small_motion (fun _ _ => 0%bigZ).
Proof. by move=> WE i j; rewrite WE subrr mulmx0 mul0mx mxE normr0 phi0 mul0r. Qed.

Lemma motion_entry (Dl Q P : nat -> nat -> bigZ) (i j : 'I_n) :
  phi (entry (motion n Dl Q P) i j) = \sum_(l < n) phi (P i l) * \sum_(k < n) phi (Q k j) * phi (Dl l k).
Proof.
have ii := ltn_ord i; have jj := ltn_ord j; rewrite (@outer_entry _ n) ?outer_wf ?tab2_wf //.
apply: eq_bigr => l _; have ll := ltn_ord l; rewrite tab2_entry // (@outer_entry _ n) ?tab2_wf //.
by congr (_ * _); apply: eq_bigr => k _; rewrite !tab2_entry.
Qed.

Section Box.
Variables (Delta : array) (Dl absX absY : nat -> nat -> bigZ).
Hypothesis hbox : box_ok n (D w) Delta Dl.
Hypothesis hX : allb n (fun l => allb n (fun i => at_most (entry (XTr w) i l) (entry (XTi w) i l) (absX l i))).
Hypothesis hY : allb n (fun i => allb n (fun l => at_most (entry (Yr w) i l) (entry (Yi w) i l) (absY i l))).
Hypothesis hW : forall i j, `|(W - Wmat) i j| <= phi (array_entry Delta i j) / phi (BigZ.of_Z (denominator Delta)).
Let V := W - Wmat.

Let V_le (l k : 'I_n) : `|V l k| <= phi (Dl l k) / phi (D w).
Proof.
have /andP [/(phi_gt0 C) den0 hD] := hbox; apply: le_trans (hW l k) _.
rewrite ler_pdivr_mulr // mulrAC ler_pdivl_mulr // -!phiM phi_le //; exact: (allbP (allbP hD l) k).
Qed.
Let V_real (l k : 'I_n) : V l k \is Num.real.
Proof.
apply/CrealP; have /matrixP /(_ l k) := W_real; have /matrixP /(_ l k) := Wmat_real.
by rewrite !mxE rmorphB /= => -> ->.
Qed.

Let product (i j : 'I_n) : (Ym *m V *m Xm) i j = \sum_l Ym i l * \sum_k V l k * Xm k j.
Proof. by rewrite -mulmxA [LHS]mxE; apply: eq_bigr => l _; rewrite [(V *m Xm) l j]mxE. Qed.

Lemma box_motion (i j : 'I_n) : `|(Ym *m V *m Xm) i j| <= phi (entry (motion n Dl absX absY) i j) / f.
Proof.
have X_le (l k : 'I_n) : `|Xm l k| <= phi (absX l k) by rewrite mxE; apply: at_most_le (allbP (allbP hX l) k).
have Y_le (k l : 'I_n) : `|Ym k l| <= phi (absY k l) / e.
  by rewrite mxE normrM normfV (gtr0_norm e0) ler_pmul2r ?invr_gt0 //; apply: at_most_le (allbP (allbP hY k) l).
rewrite product motion_entry mulr_suml; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _.
rewrite normrM invfM mulrACA; apply: ler_pmul => //.
rewrite mulr_suml; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => k _.
by rewrite normrM [X in X <= _]mulrC -mulrA; apply: ler_pmul.
Qed.

Let aXr (l i : nat) := BigZ.abs (entry (XTr w) i l).
Let aXi (l i : nat) := BigZ.abs (entry (XTi w) i l).
Let aYr (i l : nat) := BigZ.abs (entry (Yr w) i l).
Let aYi (i l : nat) := BigZ.abs (entry (Yi w) i l).

(* the parts of a sum of products with real V *)
Let S (l j : 'I_n) : C := \sum_k V l k * Xm k j.
Let SRe (l j : 'I_n) : `|'Re (S l j)| <= (\sum_(k < n) phi (aXr k j) * phi (Dl l k)) / phi (D w).
Proof.
rewrite /S raddf_sum mulr_suml; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => k _.
by rewrite /= ReMl // normrM [X in X <= _]mulrC -mulrA; apply: ler_pmul => //; rewrite mxE cxRe phi_abs.
Qed.
Let SIm (l j : 'I_n) : `|'Im (S l j)| <= (\sum_(k < n) phi (aXi k j) * phi (Dl l k)) / phi (D w).
Proof.
rewrite /S raddf_sum mulr_suml; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => k _.
by rewrite /= ImMl // normrM [X in X <= _]mulrC -mulrA; apply: ler_pmul => //; rewrite mxE cxIm phi_abs.
Qed.
Let YRe (i l : 'I_n) : `|'Re (Ym i l)| <= phi (aYr i l) / e.
Proof. by rewrite mxE ReMr ?rpredV // cxRe normrM normfV (gtr0_norm e0) phi_abs. Qed.
Let YIm (i l : 'I_n) : `|'Im (Ym i l)| <= phi (aYi i l) / e.
Proof. by rewrite mxE ImMr ?rpredV // cxIm normrM normfV (gtr0_norm e0) phi_abs. Qed.

Let parts := motion_parts n Dl aXr aXi aYr aYi.
Let two (P Q P' Q' : nat -> nat -> bigZ) (i j : 'I_n) (z : C) (x y x' y' : 'I_n -> C) :
  z = \sum_l (x l * y l + x' l * y' l) ->
  (forall l, `|x l| <= phi (P i l) / e) -> (forall l, `|y l| <= (\sum_(k < n) phi (Q k j) * phi (Dl l k)) / phi (D w)) ->
  (forall l, `|x' l| <= phi (P' i l) / e) -> (forall l, `|y' l| <= (\sum_(k < n) phi (Q' k j) * phi (Dl l k)) / phi (D w)) ->
  `|z| <= phi (entry (motion n Dl Q P) i j + entry (motion n Dl Q' P') i j)%bigZ / f.
Proof.
move=> -> h1 h2 h3 h4; rewrite phiD !motion_entry -big_split /= mulr_suml.
apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _; rewrite mulrDl.
by apply: le_trans (ler_norm_add _ _) _; rewrite !normrM invfM; apply: ler_add; rewrite mulrACA; apply: ler_pmul.
Qed.

Lemma box_motion_parts (t : bigZ) (i j : 'I_n) : at_most (parts.1 i j) (parts.2 i j) t -> `|(Ym *m V *m Xm) i j| <= phi t / f.
Proof.
move=> /andP [t0 ht]; rewrite product; set z := \sum_l _.
have hRe : `|'Re z| <= phi (parts.1 i j) / f.
  apply: (two (P := aYr) (Q := aXr) (P' := aYi) (Q' := aXi) (x := fun l => 'Re (Ym i l)) (y := fun l => 'Re (S l j))
    (x' := fun l => - 'Im (Ym i l)) (y' := fun l => 'Im (S l j))) => // [|l]; last by rewrite normrN.
  by rewrite /z raddf_sum; apply: eq_bigr => l _; rewrite -/(S l j) /= ReM mulNr.
have hIm : `|'Im z| <= phi (parts.2 i j) / f.
  apply: (two (P := aYr) (Q := aXi) (P' := aYi) (Q' := aXr) (x := fun l => 'Re (Ym i l)) (y := fun l => 'Im (S l j))
    (x' := fun l => 'Im (Ym i l)) (y' := fun l => 'Re (S l j))) => //.
  by rewrite /z raddf_sum; apply: eq_bigr => l _; rewrite -/(S l j) /= ImM [_ * 'Re _]mulrC.
have tf : 0 <= phi t / f by rewrite mulr_ge0 ?phi_ge0 // invr_ge0 ltW.
rewrite -(@ler_pexpn2r _ 2) ?nnegrE // normC2_Re_Im.
have sq (x y : C) : x \is Num.real -> `|x| <= y -> x ^+ 2 <= y ^+ 2.
  by move=> xr h; rewrite -(real_normK xr) ler_expn2r ?nnegrE // (le_trans (normr_ge0 _) h).
apply: le_trans (ler_add (sq _ _ (Creal_Re _) hRe) (sq _ _ (Creal_Im _) hIm)) _.
rewrite !expr_div_n -mulrDl ler_pmul2r ?invr_gt0 ?exprn_gt0 //.
by rewrite !expr2 -!phiM -phiD phi_le.
Qed.
End Box.

Section A.
Variables (T absN : nat -> nat -> bigZ) (r s g : nat -> bigZ) (rho normN : bigZ).
Hypothesis hT : small_motion T.
Hypothesis hA : theoremA n w m T absN r s g rho normN.
Let sC (i : 'I_n) := phi (s i) / e.
Let gC (i : 'I_n) := phi (g i) / f.

Let N_split (i j : 'I_n) : (Ym *m W *m Xm) i j = cx (Nre m i j) (Nim m i j) / f + (Ym *m (W - Wmat) *m Xm) i j.
Proof.
have {1}-> : W = Wmat + (W - Wmat) by rewrite addrC subrK.
by rewrite mulmxDr mulmxDl [LHS]mxE N_entry.
Qed.

Let absN_le (i j : 'I_n) : `|(Ym *m W *m Xm) i j| <= phi (absN i j) / f.
Proof.
have /and5P [_ _ _ _ /and3P [h _ _]] := hA; apply: le_trans (phi_le_div f0 (allbP (allbP h i) j)).
by rewrite N_split (phiD _ (modulus _ _)) [X in _ <= X]mulrDl; apply: le_trans (ler_norm_add _ _) _; apply: ler_add; [apply: cx_norm|apply: hT].
Qed.

Lemma bounds_of_check : similarity_bounds Xm Ym W d (fun i => phi (r i) / e) sC gC (phi rho / e) (phi normN / f).
Proof.
have /and5P [h1 h2 h3 h4 /and3P [h5 h6 h7]] := hA; split.
- move=> i; apply: le_trans (_ : \sum_(j < n) phi (modulus (Rre m i j) (Rim m i j)) / e <= _).
    by apply: ler_sum => j _; rewrite R_entry cx_norm.
  by rewrite -mulr_suml -(phi_sum _ n (fun j => modulus (Rre m i j) (Rim m i j))) phi_le_div // (allbP h1 i).
- by move=> i; rewrite phi_le_div // (allbP h2 i).
- by rewrite ltr_pdivr_mulr // mul1r phi_lt.
- move=> i; rewrite -[X in _ * (X - _)](divff ne) -mulrBl mulrACA mulrA ler_pmul2r ?invr_gt0 // ler_pdivl_mulr //.
  by rewrite -phiB -!phiM phi_le // (allbP h4 i).
- move=> i; apply: le_trans (_ : \sum_(j < n) phi (absN i j) / f <= _); first by apply: ler_sum => j _; apply: absN_le.
  by rewrite -mulr_suml -(phi_sum _ n (absN i)) phi_le_div // (allbP h6 i).
- move=> i; apply: le_trans (_ : (phi (modulus (Nre m i i - nth 0 (dr w) i)%bigZ (Nim m i i - nth 0 (di w) i)%bigZ) + phi (T i i)
     + phi (sumZ n (except i (absN i))) + phi (s i) / e * phi normN) / f <= _).
    rewrite !mulrDl mulrA ler_add2r; apply: ler_add.
      rewrite N_split /d addrAC -mulrBl cxB; apply: le_trans (ler_norm_add _ _) _.
      by apply: ler_add; [apply: cx_norm|apply: hT].
    by rewrite phi_sum_except mulr_suml; apply: ler_sum => j _; apply: absN_le.
  rewrite ler_pmul2r ?invr_gt0 // -(ler_pmul2r e0) mulrDl [_ * phi normN]mulrAC divfK //.
  by rewrite -!phiD -!phiM -phiD phi_le // (allbP h7 i).
Qed.

(* ---------------------------------------------------------------- strips *)
Section Strip.
Variables (c1 c2 : bigZ) (J : nat -> bool).
Hypothesis hS : strip n w g c1 c2 J.
Let c1C : C := phi c1 / f.
Let c2C : C := phi c2 / f.

Let far c0 : allb n (fun i => (g i <? BigZ.abs (nth 0 (dr w) i - c0))%bigZ) -> forall i : 'I_n, gC i < `|'Re (d i) - phi c0 / f|.
Proof.
move=> h i; rewrite Red -mulrBl normrM normfV (gtr0_norm f0) ltr_pmul2r ?invr_gt0 // -phiB -phi_abs.
exact/phi_lt/(allbP h i).
Qed.

Lemma strip_hyps : [/\ c1C \is Num.real, c2C \is Num.real & c1C < c2C] /\
  [/\ forall i, gC i < `|'Re (d i) - c1C|, forall i, gC i < `|'Re (d i) - c2C|,
      forall i : 'I_n, ~~ J i -> 'Re (d i) < c1C \/ c2C < 'Re (d i)
    & forall i : 'I_n, J i -> c1C < 'Re (d i) < c2C].
Proof.
have /and4P [h1 h2 h3 h4] := hS; split; split.
- by rewrite rpredM ?phi_real ?rpredV.
- by rewrite rpredM ?phi_real ?rpredV.
- by rewrite ltr_pmul2r ?invr_gt0 // phi_lt.
- exact: far h2.
- exact: far h3.
- move=> i /negPf Ji; have := allbP h4 i; rewrite Ji Red => /orP [] h; [left|right];
    by rewrite ltr_pmul2r ?invr_gt0 // phi_lt.
- move=> i Ji; have := allbP h4 i; rewrite Ji Red => /andP [h h'].
  by rewrite !ltr_pmul2r ?invr_gt0 // !phi_lt.
Qed.
End Strip.

(* a claimed enclosure of a/f, where |x - a/f| <= b/f *)
Definition enclosesC (en : enclosure) (x : C) : Prop :=
  (phi (numer (lower en)) / phi (denom (lower en)) <= x) /\ (x <= phi (numer (upper en)) / phi (denom (upper en))).

Lemma denom_gt0 q : 0 < phi (denom q).
Proof. by rewrite /denom phi_ofZ ofZ_gt0. Qed.

Lemma inside_le en a b (x : C) : x \is Num.real -> inside w en a b -> `|x - phi a / f| <= phi b / f -> enclosesC en x.
Proof.
move=> xr /andP [h1 h2]; rewrite real_ler_distl ?rpredB ?rpredM ?phi_real ?rpredV // => /andP [h3 h4].
split.
  apply: le_trans h3; rewrite ler_pdivr_mulr ?denom_gt0 // -mulrBl mulrAC ler_pdivl_mulr // -phiB -fE -!phiM.
  exact: phi_le.
apply: le_trans h4 _; rewrite ler_pdivl_mulr ?denom_gt0 // -mulrDl mulrAC ler_pdivr_mulr // -phiD -fE -!phiM.
exact: phi_le.
Qed.

Lemma inside_times_le sl en a b (s1 x : C) : 0 < s1 -> enclosesC sl s1 -> x \is Num.real -> 0 < x -> (b <? a)%bigZ ->
  inside_times w sl en a b -> `|x - phi a / f| <= phi b / f -> enclosesC en (s1 * x).
Proof.
move=> s10 [sl1 sl2] xr x0 ba /andP [h1 h2]; rewrite real_ler_distl ?rpredB ?rpredM ?phi_real ?rpredV // => /andP [h3 h4].
have ab : 0 < phi (a - b)%bigZ by rewrite phiB subr_gt0 phi_lt.
split.
  apply: le_trans (_ : phi (numer (lower sl)) / phi (denom (lower sl)) * (phi (a - b)%bigZ / f) <= _).
    rewrite ler_pdivr_mulr ?denom_gt0 // mulf_div mulrAC ler_pdivl_mulr ?mulr_gt0 ?denom_gt0 //.
    move: (phi_le C h1); rewrite !phiM -/f => h.
    by apply: le_trans h; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
  apply: le_trans (_ : s1 * (phi (a - b)%bigZ / f) <= _); first by apply: ler_wpmul2r => //; apply: divr_ge0; apply: ltW.
  by rewrite ler_wpmul2l ?(ltW s10) // phiB mulrBl.
apply: le_trans (_ : s1 * (phi (a + b)%bigZ / f) <= _); first by rewrite ler_wpmul2l ?(ltW s10) // phiD mulrDl.
have p0 : 0 <= phi (a + b)%bigZ / f by rewrite phiD mulrDl; apply: le_trans h4; apply: ltW.
apply: le_trans (ler_wpmul2r p0 sl2) _.
rewrite ler_pdivl_mulr ?denom_gt0 // mulf_div mulrAC ler_pdivr_mulr ?mulr_gt0 ?denom_gt0 //.
move: (phi_le C h2); rewrite !phiM -/f => h.
by apply: le_trans h _; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Lemma contains_le en sl (x : C) : contains en sl -> enclosesC sl x -> enclosesC en x.
Proof.
move=> /andP [/(phi_le C) h1 /(phi_le C) h2] [x1 x2]; rewrite !phiM in h1 h2; split.
  by apply: le_trans x1; rewrite ler_pdivr_mulr ?denom_gt0 // mulrAC ler_pdivl_mulr ?denom_gt0.
by apply: le_trans x2 _; rewrite ler_pdivr_mulr ?denom_gt0 // mulrAC ler_pdivl_mulr ?denom_gt0.
Qed.

Let Re_disc mu (k : 'I_n) : `|mu - d k| <= gC k -> `|- 'Re mu - phi (- nth 0 (dr w) k)%bigZ / f| <= gC k.
Proof.
by move=> h; rewrite phiN mulNr -opprD normrN -Red; apply: le_trans (Re_near _ _) h.
Qed.

Let Im_disc mu (k : 'I_n) : `|mu - d k| <= gC k -> `|'Im mu - phi (nth 0%bigZ (di w) k) / f| <= gC k.
Proof. by move=> h; rewrite -Imd; apply: le_trans (Im_near _ _) h. Qed.

Variable rs : seq C.
Hypothesis cW : char_poly W = \prod_(z <- rs) ('X - z%:P).
Let cM : char_poly (invmx Xm *m W *m Xm) = \prod_(z <- rs) ('X - z%:P).
Proof. by rewrite (char_poly_M bounds_of_check). Qed.

Variables (s1 : C) (sl : enclosure).
Hypotheses (s1_gt0 : 0 < s1) (s1_in : enclosesC sl s1).

(* what the check of one point shows of the spectrum of W *)
Definition pair_spectrum (pt : point) (k : nat) (mu : C) : Prop :=
  [/\ mu \in rs, 0 < 'Im mu, count_mem mu rs = 1%N /\ count_mem mu^* rs = 1%N,
      [/\ enclosesC (parameter pt) (- 'Re mu), enclosesC (frequency pt) (s1 * 'Im mu) & enclosesC (speed pt) s1]
    & [/\ count (fun z => 'Re mu < 'Re z) rs = unstable_eigenvalues pt,
          count (fun z => 'Re z < 'Re mu) rs = stable_eigenvalues pt,
          forall z, z \in rs -> 'Re z = 'Re mu -> z = mu \/ z = mu^*
        & forall z (i : 'I_n), z \in rs -> (val i == k) || (val i == k.+1) -> `|z - d i| <= gC i -> z = mu \/ z = mu^*]].

Lemma pair_sound pt k : pair_ok n w g sl pt k -> exists mu, pair_spectrum pt k mu /\
  exists2 kn : (k < n)%N, `|mu - d (Ordinal kn)| <= gC (Ordinal kn) &
    0 < phi (nth 0%bigZ (di w) k - g k)%bigZ.
Proof.
move=> /and5P [hS kn' b1 b2 /and5P [/eqP b3 /eqP b4 b5 b6 b7]].
have kn : (k < n)%N := ltnW kn'; pose k1 := Ordinal kn; pose k2 := Ordinal kn'.
have [[c1r c2r c12] [far1 far2 out ins]] := strip_hyps hS.
have h7 : k1 != k2 by rewrite -val_eqE /= neq_ltn ltnSn.
have hk1 : gC k1 < 'Im (d k1) by rewrite Imd ltr_pmul2r ?invr_gt0 // phi_lt.
have hk2 : 'Im (d k2) < - gC k2 by rewrite Imd -mulNr ltr_pmul2r ?invr_gt0 // -phiN phi_lt.
have [mu [murs muk mu0 m1 [cr cl cz cd]]] := isolated_pair (discs bounds_of_check) cM (conj_closed W_real cW)
  c1r c2r c12 far1 far2 out ins (k := k1) (k' := k2) (fun i => erefl) h7 hk1 hk2.
exists mu; split; last first.
  by exists kn => //; apply: phi_gt0; rewrite BigZ.spec_ltb BigZ.spec_sub; apply/Z.ltb_lt/Z.lt_0_sub/Z.ltb_lt; rewrite -BigZ.spec_ltb.
split=> //; last split=> //.
- split; [|exact: inside_times_le (Creal_Im _) mu0 b1 b6 (Im_disc muk)|exact: contains_le b7 s1_in].
  by apply: inside_le b5 (Re_disc muk); rewrite rpredN Creal_Re.
- by rewrite cr -b3 cnt_card; apply: eq_card => i; rewrite !inE Red ltr_pmul2r ?invr_gt0 // phi_ltE.
- by rewrite cl -b4 cnt_card; apply: eq_card => i; rewrite !inE Red ltr_pmul2r ?invr_gt0 // phi_ltE.
Qed.

Definition real_spectrum (en : enclosure) (k : nat) (mu : C) : Prop :=
  [/\ mu \in rs, mu \is Num.real, count_mem mu rs = 1%N, enclosesC en (- mu)
    & (forall z, z \in rs -> 'Re z = mu -> z = mu) /\
      forall z (i : 'I_n), z \in rs -> val i = k -> `|z - d i| <= gC i -> z = mu].

Lemma crossing_sound en k : crossing_ok n w g en k -> exists mu, real_spectrum en k mu.
Proof.
move=> /and3P [hS kn b1]; pose k1 := Ordinal kn.
have [[c1r c2r c12] [far1 far2 out ins]] := strip_hyps hS.
have [mu [murs muk mur m1 [cz cd]]] := isolated_real (discs bounds_of_check) cM (conj_closed W_real cW)
  c1r c2r c12 far1 far2 out ins (k := k1) (fun i => erefl).
exists mu; split=> //.
  by apply: inside_le b1 _; rewrite ?rpredN // -[X in - X - _](Creal_ReP _ mur); apply: (Re_disc muk).
split=> // z i zrs ik zi; apply: cd => //.
by have <- : i = k1 by apply: val_inj.
Qed.

(* every eigenvalue lies in a disc *)
Lemma all_discs z : z \in rs -> exists i : 'I_n, `|z - d i| <= gC i.
Proof. exact: gersh (discs bounds_of_check) cM z. Qed.

(* ---------------------------------------------------------------- Theorem B *)
Section B.
Variables (absX absY : nat -> nat -> bigZ) (nu c ymax : nat -> bigZ).
Hypothesis hB : theoremB n w absN s absX absY nu c ymax.
Variables (k : nat) (kn : (k < n)%N) (v : vectors).
Hypothesis hv : vectors_ok n w absN s g nu c ymax k v.
Hypothesis hq : forall l : 'I_n, phi (err_q v l) = \sum_(i < n | i != k :> nat) phi (absX l i) * phi (dR v i).
Hypothesis ha : forall l : 'I_n, phi (sum_a v l) = \sum_(i < n | i != k :> nat) phi (absY i l) * phi (dL v i).
Let k1 := Ordinal kn.
Local Notation "x // y" := (fun i : 'I_n => phi (x i) / y) (at level 40).

Let X_le (l i : 'I_n) : `|Xm l i| <= phi (absX l i).
Proof. by have /and5P [h _ _ _ _] := hB; rewrite mxE; apply: at_most_le (allbP (allbP h l) i). Qed.
Let Y_le (i l : 'I_n) : `|Ym i l| <= phi (absY i l) / e.
Proof.
have /and5P [_ h _ _ _] := hB; rewrite mxE normrM normfV (gtr0_norm e0) ler_pmul2r ?invr_gt0 //.
exact: at_most_le (allbP (allbP h i) l).
Qed.

Let other p : allb n (fun i => (i == k) || p i) -> forall i : 'I_n, i != k1 -> p i.
Proof. by move=> h i; rewrite -val_eqE /= => /negPf ik; have := allbP h i; rewrite ik. Qed.

Let cross1 a b x y : (a * E w + b * x <=? y * E w)%bigZ -> phi a / f + phi b / e * (phi x / f) <= phi y / f.
Proof. by move=> h; apply: cross1C => //; rewrite -!phiM -phiD phi_le. Qed.
Let cross2 a b x y z : (a * E w + b * x <=? y * z)%bigZ -> phi a / f + phi b / f * (phi x / e) <= phi y / f * (phi z / e).
Proof. by move=> h; apply: cross2C => //; rewrite -!phiM -phiD phi_le. Qed.

Lemma vectors_sound : eigenvector_bounds Xm Ym W d sC gC k1 (nu // f) (eta v // f) (c // f) (mR v // f) (mL v // f)
  (dR v // e) (dL v // e) (ymax // e) (phi (deltaR v) / e) (phi (deltaL v) / e).
Proof.
have /and5P [_ _ b3 b4 b5] := hB.
have /and5P [h1 h2 h3 /andP [h4 h4'] /and5P [h5 h6 _ _ _]] := hv.
split.
- by move=> l j; apply: le_trans (absN_le l j) _; apply: phi_le_div => //; apply: (allbP (allbP b4 l) j).
- move=> i /(other h1) h; rewrite /d -mulrBl cxB normrM normfV (gtr0_norm f0) -!mulrDl -!phiD.
  by rewrite ler_pmul2r ?invr_gt0 // at_least_le.
- move=> j jk; apply: le_trans (_ : phi (sumZ n (except j (absN^~ j))) / f + phi (nu j) / f * (phi (sumZ n s) / e) <= _).
    apply: ler_add; last by rewrite phi_sum mulr_suml.
    by rewrite phi_sum_except mulr_suml; apply: ler_sum => i _; apply: absN_le.
  rewrite [phi (nu j) / f * _]mulrC; apply: cross1C => //.
  by rewrite [phi (sumZ n s) * _]mulrC -!phiM -phiD phi_le // (allbP b5 j).
- by move=> i /(other h2) /andP [h _]; rewrite ltr_pmul2r ?invr_gt0 // phi_lt.
- by move=> i /(other h2) /andP [_ h]; rewrite ltr_pmul2r ?invr_gt0 // phi_lt.
- move=> i /(other h3) /andP [h _]; apply: le_trans (cross1 h).
  by rewrite ler_add2r absN_le.
- move=> i /(other h3) /andP [_ h]; apply: le_trans (cross1 h).
  by rewrite ler_add2r absN_le.
- by rewrite mulr_ge0 ?invr_ge0 ?(ltW e0) ?phi_ge0.
- by rewrite mulr_ge0 ?invr_ge0 ?(ltW e0) ?phi_ge0.
- by move=> i /(other h5) /andP [h _]; apply: cross2.
- by move=> i /(other h5) /andP [_ h]; apply: cross2.
- by move=> i /(other h6) /andP [h _]; apply: cross2.
- by move=> i /(other h6) /andP [_ h]; apply: cross2.
- by move=> i l; apply: le_trans (Y_le i l) _; apply: phi_le_div => //; apply: (allbP (allbP b3 i) l).
Qed.

(* ---------------------------------------------------------------- the first Lyapunov coefficient *)
Section L.
Variables (u : 'cV[C]_n) (x : 'rV[C]_n) (mu : C).
Hypothesis muk : `|mu - d k1| <= gC k1.
Hypotheses (uk : u k1 0 = 1) (hu : forall i, i != k1 -> `|u i 0| <= phi (dR v i) / e).
Hypotheses (xk : x 0 k1 = 1) (hx : forall i, i != k1 -> `|x 0 i| <= phi (dL v i) / e).
Let q := Xm *m u.
Let a := x *m invmx Xm.

Let dR0 i : i != k1 -> 0 <= phi (dR v i) / e. Proof. by move=> ik; apply: le_trans (hu ik). Qed.
Let dL0 i : i != k1 -> 0 <= phi (dL v i) / e. Proof. by move=> ik; apply: le_trans (hx ik). Qed.

Let err_q_le (l : 'I_n) : `|q l 0 - Xm l k1| <= phi (err_q v l) / e.
Proof.
apply: le_trans (q_near Xm uk hu l) _; rewrite hq mulr_suml; apply: ler_sum => i ik.
by rewrite -mulrA ler_wpmul2r ?dR0 ?X_le.
Qed.

Let err_a_le (l : 'I_n) : `|a 0 l - Ym k1 l| <= phi (err_a v l) / e.
Proof.
have /and5P [_ _ _ _ /and4P [_ _ h _]] := hv.
apply: le_trans (p_near bounds_of_check vectors_sound xk hx l) _.
rewrite -(ler_pmul2r (mulr_gt0 e0 (mulr_gt0 e0 e0))).
have -> : phi (err_a v l) / e * (e * (e * e)) = phi (err_a v l * (E w * E w))%bigZ.
  by rewrite !phiM -/e; field; rewrite ne.
apply: le_trans (phi_le _ (allbP h l)); rewrite phiD !phiM ha phiD !phiM !phi_sum_except mulrDl; apply: ler_add.
  rewrite !mulr_suml; apply: ler_sum => i ik; rewrite -/e.
  apply: le_trans (_ : phi (dL v i) / e * (phi (absY i l) / e) * (e * (e * e)) <= _).
    by rewrite ler_pmul2r ?mulr_gt0 // ler_wpmul2l ?dL0 ?Y_le.
  by rewrite le_eqVlt; apply/orP; left; apply/eqP; field; rewrite ne.
rewrite -/e /sC le_eqVlt; apply/orP; left; apply/eqP.
have -> : \sum_(i | i != k1) phi (dL v i) / e * (phi (s i) / e) = (\sum_(i < n | i != k :> nat) phi (dL v i * s i)%bigZ) / (e * e).
  by rewrite mulr_suml; apply: eq_bigr => i _; rewrite phiM; field; rewrite ne.
rewrite -[nat_of_ord k1]/k; set t := \sum_(_ | _) _; move: t (phi (s k)) (phi (ymax l)) => t b y.
by field; rewrite ne.
Qed.

Let P_le : `|(a *m q) 0 0 - 1| <= phi (dd v) / (e * e).
Proof.
have /and5P [_ _ _ _ /and5P [_ _ _ h _]] := hv.
apply: le_trans (pq_near bounds_of_check uk hu xk hx) _; apply: le_trans (phi_le_div (mulr_gt0 e0 e0) h).
rewrite phi_sum_except mulr_suml le_eqVlt; apply/orP; left; apply/eqP; apply: eq_bigr => i _.
by rewrite phiM; field; rewrite ne.
Qed.

Let q0 (l : nat) := absX l k.
Let a0 (l : nat) := absY k l.
Let xr (l : nat) := entry (XTr w) k l.
Let xi (l : nat) := entry (XTi w) k l.
Let yr (l : nat) := entry (Yr w) k l.
Let yi (l : nat) := entry (Yi w) k l.
Let qq (l : nat) := (xr l * xr l + xi l * xi l)%bigZ.
Let aqr (l : nat) := (yr l * xr l - yi l * xi l)%bigZ.
Let aqi (l : nat) := (yr l * xi l + yi l * xr l)%bigZ.
Let aqqr (l : nat) := (aqr l * xr l - aqi l * xi l)%bigZ.
Let aqqi (l : nat) := (aqr l * xi l + aqi l * xr l)%bigZ.
Let L (l : nat) := modulus (2 * yr l * qq l - aqqr l) (2 * yi l * qq l + aqqi l).
Let cube x := (x * x * x)%bigZ.
Let big_q (l : nat) := (q0 l * E w + err_q v l)%bigZ.
Let errS := sumZ n (fun l => L l * err_q v l * (E w * E w) + (err_a v l * cube (big_q l) + a0 l * (3 * (q0 l * E w) * (err_q v l * err_q v l) + cube (err_q v l))))%bigZ.
Let maxS := sumZ n (fun l => (a0 l + err_a v l) * cube (big_q l))%bigZ.
Let S0 := (sumZ n (fun l => aqi l * qq l) * cube (E w))%bigZ.
Let errQ := sumZ n (fun l => (2 * (q0 l * E w) + err_q v l) * err_q v l)%bigZ.
Let Q0 := (sumZ n qq * (E w * E w))%bigZ.

Let Xk (l : 'I_n) : Xm l k1 = cx (xr l) (xi l). Proof. by rewrite mxE. Qed.
Let Yk (l : 'I_n) : Ym k1 l = cx (yr l) (yi l) / e. Proof. by rewrite mxE. Qed.

Let norm_Xk (l : 'I_n) : `|Xm l k1| ^+ 2 = phi (qq l).
Proof. by rewrite Xk cx_norm2. Qed.

Let conj_div y z : (cx y z / e)^* = cx y (- z)%bigZ / e.
Proof. by rewrite rmorphM fmorphV /= cxC (CrealP er). Qed.

Let term0 (l : 'I_n) : 'Im (Ym k1 l * (Xm l k1 * `|Xm l k1| ^+ 2)) = phi (aqi l * qq l)%bigZ / e.
Proof.
rewrite norm_Xk mulrA Yk Xk [cx _ _ / e * cx _ _]mulrAC cxM -[cx _ _ / e * _]mulrA ImMr; last by rewrite rpredM ?phi_real ?rpredV.
by rewrite cxIm [e^-1 * _]mulrC mulrA phiM.
Qed.

Let L_le (l : 'I_n) : `|2%:R * Ym k1 l * (Xm l k1 * (Xm l k1)^*) - (Ym k1 l * Xm l k1 * Xm l k1)^*| <= phi (L l) / e.
Proof.
have -> : 2%:R * Ym k1 l * (Xm l k1 * (Xm l k1)^*) = cx (2 * yr l * qq l)%bigZ (2 * yi l * qq l)%bigZ / e.
  by rewrite -normCK norm_Xk Yk /cx !phiM phi2; field; rewrite ne.
have -> : (Ym k1 l * Xm l k1 * Xm l k1)^* = cx (aqqr l) (- aqqi l)%bigZ / e.
  have -> : Ym k1 l * Xm l k1 * Xm l k1 = cx (aqqr l) (aqqi l) / e.
    by rewrite Yk Xk [cx _ _ / e * cx _ _]mulrAC cxM mulrAC cxM.
  exact: conj_div.
rewrite -mulrBl normrM normfV (gtr0_norm e0) ler_pmul2r ?invr_gt0 //.
have -> : cx (2 * yr l * qq l)%bigZ (2 * yi l * qq l)%bigZ - cx (aqqr l) (- aqqi l)%bigZ =
    cx (2 * yr l * qq l - aqqr l)%bigZ (2 * yi l * qq l + aqqi l)%bigZ.
  by rewrite /cx !phiB phiD phiN; ring.
exact: modulus_le.
Qed.

Let e4 := e * e * (e * e).
Let e40 : 0 < e4. Proof. by rewrite !mulr_gt0. Qed.
Let e20 : 0 < e * e. Proof. by rewrite mulr_gt0. Qed.

Let errS_C : \sum_(l < n) (phi (L l) / e * (phi (err_q v l) / e) + (phi (err_a v l) / e * (phi (absX l k) + phi (err_q v l) / e) ^+ 3
   + phi (absY k l) / e * (3%:R * phi (absX l k) * (phi (err_q v l) / e) ^+ 2 + (phi (err_q v l) / e) ^+ 3))) = phi errS / e4.
Proof.
rewrite /errS phi_sum mulr_suml; apply: eq_bigr => l _; rewrite /cube /big_q /q0 /a0 /e4 !(phiD, phiM) phi3 -/e.
move: (phi (L l)) (phi (err_q v l)) (phi (err_a v l)) (phi (absX l k)) (phi (absY k l)) => t1 t2 t3 t4 t5.
by field; rewrite ne.
Qed.

Let maxS_C : \sum_(l < n) ((phi (absY k l) / e + phi (err_a v l) / e) * (phi (absX l k) + phi (err_q v l) / e) ^+ 3) = phi maxS / e4.
Proof.
rewrite /maxS phi_sum mulr_suml; apply: eq_bigr => l _; rewrite /cube /big_q /q0 /a0 /e4 !(phiD, phiM) -/e.
move: (phi (err_q v l)) (phi (err_a v l)) (phi (absX l k)) (phi (absY k l)) => t2 t3 t4 t5.
by field; rewrite ne.
Qed.

Let errQ_C : \sum_(l < n) (2%:R * phi (absX l k) + phi (err_q v l) / e) * (phi (err_q v l) / e) = phi errQ / (e * e).
Proof.
rewrite /errQ phi_sum mulr_suml; apply: eq_bigr => l _; rewrite /q0 !(phiD, phiM) phi2 -/e.
move: (phi (err_q v l)) (phi (absX l k)) => t2 t4.
by field; rewrite ne.
Qed.

Let P := (a *m q) 0 0.
Let dd1 : phi (dd v) / (e * e) < 1.
Proof.
have /and5P [_ _ _ _ /and5P [_ _ _ _ h]] := hv.
by rewrite ltr_pdivr_mulr // mul1r -phiM phi_lt.
Qed.

Lemma S_le rS : divided_ok w v errS maxS rS -> `|'Im (Ssum q a / P) - phi S0 / e4| <= phi rS / e4.
Proof.
move=> h.
have := S_near err_q_le err_a_le (fun l => X_le l k1) (fun l => Y_le k1 l) L_le P_le dd1 (r := phi rS / e4).
rewrite maxS_C errS_C; set t := \sum_l _; have -> : t = phi S0 / e4.
  rewrite /t /S0 phiM phi_sum -mulrA mulr_suml; apply: eq_bigr => l _; rewrite term0 !phiM -/e /e4.
  by move: (phi (aqi l)) (phi (qq l)) => t1 t2; field; rewrite ne.
apply; rewrite -(ler_pmul2r (mulr_gt0 e40 e20)).
have -> : phi maxS / e4 * (phi (dd v) / (e * e)) * (e4 * (e * e)) = phi (maxS * dd v)%bigZ.
  by rewrite phiM /e4; move: (phi maxS) (phi (dd v)) => t1 t2; field; rewrite ne.
have -> : (phi rS / e4 - phi errS / e4) * (1 - phi (dd v) / (e * e)) * (e4 * (e * e)) = phi ((rS - errS) * (E w * E w - dd v))%bigZ.
  rewrite phiM !phiB phiM -/e /e4; move: (phi rS) (phi errS) (phi (dd v)) => t1 t2 t3; field; rewrite ne //.
exact: phi_le.
Qed.

Let Q := (ct q *m q) 0 0.
Let QE : Q = \sum_l `|q l 0| ^+ 2.
Proof. by rewrite /Q mxE; apply: eq_bigr => l _; rewrite !mxE normCK mulrC. Qed.
Let Qr : Q \is Num.real.
Proof. by rewrite QE ger0_real // sumr_ge0 // => l _; rewrite exprn_ge0. Qed.

Let Q_le : phi (Q0 - errQ)%bigZ / (e * e) <= Q /\ Q <= phi (Q0 + errQ)%bigZ / (e * e).
Proof.
have := norm_near2 err_q_le (fun l => X_le l k1); rewrite errQ_C -QE; set t := \sum_l _.
have -> : t = phi Q0 / (e * e).
  rewrite /t /Q0 phiM phi_sum phiM -/e mulfK ?gt_eqF //; apply: eq_bigr => l _; exact: norm_Xk.
by rewrite real_ler_distl ?rpredB ?rpredM ?phi_real ?rpredV ?rpredM // -mulrBl -mulrDl -phiB -phiD => /andP [].
Qed.

Let om := 'Im mu.
Section Value.
Variables (kap l1e : enclosure) (kappa tau : C) (t rT : bigZ).
Hypotheses (kap0 : (0 <? numer (lower kap))%bigZ) (kap_in : enclosesC kap kappa).
Hypothesis hL : value_ok n w g absX kap l1e k v t rT.
Hypothesis hval : `|'Im (tau / P) - phi t / (e4 * f)| <= phi rT / (e4 * f).

Let Q_gt0 : 0 < phi (Q0 - errQ)%bigZ / (e * e).
Proof. by have /and5P [_ h _ _ _] := hL; rewrite mulr_gt0 ?invr_gt0 // phi_gt0. Qed.

Let O_le : [/\ 0 < phi (nth 0 (di w) k - g k)%bigZ / f, phi (nth 0 (di w) k - g k)%bigZ / f <= om
  & om <= phi (nth 0 (di w) k + g k)%bigZ / f].
Proof.
have /and5P [h _ _ _ _] := hL; split; first by rewrite mulr_gt0 ?invr_gt0 // phi_gt0.
  have := Im_disc muk; rewrite real_ler_distl ?rpredB ?Creal_Im ?rpredM ?phi_real ?rpredV // -mulrBl -phiB.
  by case/andP.
have := Im_disc muk; rewrite real_ler_distl ?rpredB ?Creal_Im ?rpredM ?phi_real ?rpredV // -mulrDl -phiD.
by case/andP.
Qed.

Let ef0 : 0 < e4 * f. Proof. by rewrite mulr_gt0. Qed.

Let below_le h t2 (val : C) : below w h kap (nth 0 (di w) k - g k)%bigZ (nth 0 (di w) k + g k)%bigZ t2 (Q0 - errQ)%bigZ (Q0 + errQ)%bigZ ->
  val <= phi t2 / (e4 * f) -> kappa * (om ^+ 2 * val / Q) <= phi (numer h) / phi (denom h).
Proof.
have [o1 o2 o3] := O_le; have [q1 q2] := Q_le; move=> hb ht.
have hd0 := denom_gt0 h; have k0 := phi_gt0 C kap0.
have q20 : 0 < phi (Q0 + errQ)%bigZ / (e * e) by apply: lt_le_trans Q_gt0 (le_trans q1 q2).
have t2r : phi t2 / (e4 * f) \is Num.real by rewrite rpredM ?phi_real // rpredV gtr0_real.
have [ka kb] := kap_in; have kl0 : 0 < phi (numer (lower kap)) / phi (denom (lower kap)) by rewrite divr_gt0 ?denom_gt0.
have o20 : 0 < phi (nth 0 (di w) k + g k)%bigZ / f by apply: lt_le_trans o1 (le_trans o2 o3).
have sq y z : 0 < y -> 0 < z -> 0 < (y : C) ^+ 2 / z by move=> y0 z0; rewrite divr_gt0 ?exprn_gt0.
have up := quotient_upper o1 o2 o3 ht Q_gt0 q1 q2 t2r; rewrite mulrAC [in X in if _ then X else _]mulrAC [in X in if _ then _ else X]mulrAC in up.
rewrite [om ^+ 2 * val / Q]mulrAC; apply: le_trans (times_upper kl0 ka kb (sq _ _ o20 Q_gt0) (sq _ _ o1 q20) t2r up) _.
have s2E : (0 <= phi t2 / (e4 * f)) = (0 <=? t2)%bigZ.
  rewrite pmulr_lge0 ?invr_gt0 //; apply/idP/idP; last exact: phi_ge0.
  apply: contraTT => hs; rewrite -real_ltNge ?phi_real ?real0 // -(phi0 C) phi_lt //.
  by move: hs; rewrite BigZ.spec_leb BigZ.spec_ltb => /negbTE /Z.leb_gt h1; apply/Z.ltb_lt.
have pos y : 0 < phi y / (e * e) -> 0 < phi y by rewrite pmulr_lgt0 // invr_gt0.
rewrite s2E; move: hb; rewrite /below; case: ifP => _ /(phi_le C); rewrite !phiM -/f -/e => hb; rewrite [_ ^+ 2 / _ * _]mulrAC;
  by apply: (below_scale (denom_gt0 _) hd0 _ e0 f0 hb); apply: pos.
Qed.

Lemma value_sound : let tau' := tau / P / Q in
  [/\ P != 0, 0 < Q, enclosesC l1e (kappa * (om ^+ 2 * 'Im tau')) & kappa * (om ^+ 2 * 'Im tau') != 0].
Proof.
move=> tau'; have [P0 _] := quotient_near (lexx `|Ssum q a|) P_le dd1.
have Qpos : 0 < Q by apply: lt_le_trans Q_gt0 _; case: Q_le.
have Itau : 'Im tau' = 'Im (tau / P) / Q by rewrite /tau' ImMr // rpredV.
have Itau' : om ^+ 2 * 'Im tau' = om ^+ 2 * 'Im (tau / P) / Q by rewrite Itau mulrA.
have /and5P [_ _ h4 h5 h6] := hL.
have tr : phi t / (e4 * f) \is Num.real by rewrite rpredM ?phi_real // rpredV gtr0_real.
have [b1 b2] := near_le (Creal_Im _) tr hval.
have {b1} up : kappa * (om ^+ 2 * 'Im tau') <= phi (numer (upper l1e)) / phi (denom (upper l1e)).
  by rewrite Itau'; apply: below_le h4 _; rewrite phiD mulrDl.
have {b2} lo : phi (numer (lower l1e)) / phi (denom (lower l1e)) <= kappa * (om ^+ 2 * 'Im tau').
  have := below_le h5 (val := - 'Im (tau / P)).
  have -> : numer (Qopp (lower l1e)) = BigZ.of_Z (- Qnum (lower l1e))%Z by [].
  have -> : denom (Qopp (lower l1e)) = denom (lower l1e) by [].
  rewrite phi_ofZ ofZN -phi_ofZ -/(numer _) mulNr mulrN mulNr mulrN ler_opp2 Itau' => h; apply: h.
  by rewrite phiN phiB opprB mulrBl addrC -mulNr mulNr.
split=> //; case/orP: h6 => h.
  by rewrite gt_eqF // (lt_le_trans _ lo) // mulr_gt0 ?invr_gt0 ?denom_gt0 ?phi_gt0.
rewrite lt_eqF // (le_lt_trans up) // -oppr_gt0 -mulNr mulr_gt0 ?invr_gt0 ?denom_gt0 // oppr_gt0 -(phi0 C) phi_lt //.
Qed.
End Value.


Lemma even_near (R : 'M[C]_n) rS : divided_ok w v errS maxS rS ->
  `|'Im (Tsum 1 0 om R q a / P) - phi (S0 * (E w * D w))%bigZ / (e4 * f)| <= phi (rS * (E w * D w))%bigZ / (e4 * f).
Proof.
have fE' val : phi (val * (E w * D w))%bigZ / (e4 * f) = phi val / e4 by rewrite !phiM -/f invfM mulrACA divff ?gt_eqF // mulr1.
by move=> /S_le h; rewrite !fE' /Tsum mul1r !mul0r subr0.
Qed.

(* the same where sigma''(0) is not 0 *)
Section Curved.
Variable t : solution.
Let Pr := Yq2_re n w k.
Let Pi := Yq2_im n w k.
Hypothesis ht : solution_ok n w s g absX absY k v t Pr Pi.
Let z : C := 2%:R * 'i * 'Im mu + 'Re mu.
Let z0 : C := 2%:R * 'i * 'Im (d k1) + 'Re (d k1).
Hypothesis uR : z%:M - W \in unitmx.
Let R := invmx (z%:M - W).
Let v0 : 'cV[C]_n := squares (col k1 Xm).
Let u0 : 'cV[C]_n := \col_j (cx (u_re t j) (u_im t j) / e).

Let z_near : `|z - z0| <= phi (3 * g k)%bigZ / f.
Proof.
have -> : z - z0 = 2%:R * 'i * ('Im mu - 'Im (d k1)) + ('Re mu - 'Re (d k1)).
  by rewrite /z /z0; move: ('Im mu) ('Im (d k1)) ('Re mu) ('Re (d k1)) => t1 t2 t3 t4; ring.
have -> : phi (3 * g k)%bigZ / f = 2%:R * gC k1 + gC k1 by rewrite phiM phi3 /gC; move: (phi (g k)) => t1; ring.
apply: le_trans (ler_norm_add _ _) _; rewrite !normrM normCi mulr1 normr_nat; apply: ler_add.
  by rewrite ler_wpmul2l ?ler0n //; apply: le_trans (Im_near _ _) muk.
exact: le_trans (Re_near _ _) muk.
Qed.

Let zd (j : 'I_n) : z0 - d j = cx (z_re w k j) (z_im w k j) / f.
Proof.
rewrite /z0 Imd Red /d /z_re /z_im /cx !phiB phiM phi2.
by move: (phi (nth _ (di w) k1)) (phi (nth _ (dr w) k1)) (phi (nth _ (di w) j)) (phi (nth _ (dr w) j)) => t1 t2 t3 t4; ring.
Qed.

Let P_entry (j : 'I_n) : (Ym *m v0) j 0 = cx (Pr j) (Pi j) / e.
Proof.
rewrite mxE /Pr /Pi /Yq2_re /Yq2_im !lookE /cx !phi_sum mulr_sumr -big_split /= mulr_suml; apply: eq_bigr => l _.
by rewrite !mxE cxM mulrAC cxM.
Qed.

Let h_entry (l : 'I_n) : (Xm *m u0) l 0 = cx (h_re n w t l) (h_im n w t l) / e.
Proof.
rewrite mxE /h_re /h_im !lookE /cx !phi_sum mulr_sumr -big_split /= mulr_suml; apply: eq_bigr => j _.
by rewrite !mxE mulrA cxM.
Qed.

Let dv (l : nat) := ((2 * (absX l k * E w) + err_q v l) * err_q v l)%bigZ.
Let square_q (l : 'I_n) : `|squares q l 0 - v0 l 0| <= phi (dv l) / (e * e).
Proof.
have -> : squares q l 0 = q l 0 * q l 0 by rewrite mxE.
have -> : v0 l 0 = Xm l k1 * Xm l k1 by rewrite mxE [col k1 Xm l 0]mxE.
apply: le_trans (product_near (err_q_le l) (X_le l k1)) _.
rewrite le_eqVlt; apply/orP; left; apply/eqP; rewrite /dv !(phiD, phiM) phi2 -/e.
by move: (phi (err_q v l)) (phi (absX l k)) => a1 a2; field; rewrite ne.
Qed.

Let ef : 0 < f * e. Proof. exact: (mulr_gt0 f0 e0). Qed.

Let h_near (l : 'I_n) : `|(R *m squares q) l 0 - (Xm *m u0) l 0| <= phi (err_h n absX t l) / e.
Proof.
have /and5P [/andP [c1 c0] c2 c3 c4 /andP [c5 c6]] := ht.
have yv : (z%:M - W) *m (R *m squares q) = squares q by rewrite mulKVmx.
apply: le_trans (approximate_solution bounds_of_check yv square_q z_near (beta := phi (beta t) / f) (DY := fun j => phi (DY t j) / e)
  (u0 := u0) (vmax := phi (vmax t) / e) (umax := phi (umax t) / e) (err := phi (err t) / e) _ _ _ _ _ _ l) _.
- by apply: divr_gt0; [exact: phi_gt0 c1|exact: f0].
- move=> j; apply: le_trans (_ : phi (moves_Y n w absX absY k v j) / (e * e * e) <= _).
    rewrite /moves_Y phi_sum mulr_suml; apply: ler_sum => i _; rewrite phiM -/(dv i).
    apply: le_trans (_ : phi (absY j i) / e * (phi (dv i) / (e * e)) <= _); last first.
      by rewrite le_eqVlt; apply/orP; left; apply/eqP; field; rewrite ne.
    by apply: ler_wpmul2r; [apply: le_trans (square_q i)|apply: Y_le].
  rewrite ler_pdivr_mulr ?mulr_gt0 //; have := phi_le C (allbP c2 j); rewrite !phiM -/e => h.
  by apply: le_trans h _; rewrite le_eqVlt; apply/orP; left; apply/eqP; field; rewrite ne.
- move=> j; rewrite zd normrM normfV (gtr0_norm f0) -!mulrDl -!phiD ler_pmul2r ?invr_gt0 //.
  exact: at_least_le (allbP c3 j).
- move=> j; rewrite P_entry; apply: le_trans (phi_le_div e0 (allbP c4 j)); rewrite phiD [X in _ <= X]mulrDl ler_add2r.
  exact: cx_norm.
- by move=> j; rewrite mxE; apply: le_trans (phi_le_div e0 (allbP c5 j)); apply: cx_norm.
- move=> j; rewrite P_entry zd mxE.
  have -> : cx (Pr j) (Pi j) / e - cx (z_re w k j) (z_im w k j) / f * (cx (u_re t j) (u_im t j) / e) =
      cx (Pr j * (E w * D w) - (z_re w k j * u_re t j - z_im w k j * u_im t j))%bigZ
         (Pi j * (E w * D w) - (z_re w k j * u_im t j + z_im w k j * u_re t j))%bigZ / (f * e).
    rewrite mulrACA -invfM cxM /cx !(phiB, phiD, phiM) -/f -/e.
    move: (phi (Pr j)) (phi (Pi j)) (phi (z_re w k j)) (phi (z_im w k j)) (phi (u_re t j)) (phi (u_im t j)) => t1 t2 t3 t4 t5 t6.
    by field; rewrite ne nf.
  rewrite -(ler_pmul2r ef); set nrm := `|_|.
  have hnrm : nrm * (f * e) <= phi (modulus (Pr j * (E w * D w) - (z_re w k j * u_re t j - z_im w k j * u_im t j))
         (Pi j * (E w * D w) - (z_re w k j * u_im t j + z_im w k j * u_re t j))%bigZ).
    by rewrite -ler_pdivl_mulr //; apply: cx_norm.
  move: hnrm (phi_le C (allbP c6 j)); rewrite /remainder; move: (modulus _ _) => mo hnrm; rewrite !phiD => h.
  have -> : phi (beta t) / f * (phi (err t) / e) * (f * e) = phi (beta t * err t)%bigZ by rewrite phiM; field; rewrite ne nf.
  apply: le_trans h; rewrite !mulrDl; apply: ler_add; [apply: ler_add; [apply: ler_add; [apply: ler_add|]|]|].
  + exact: hnrm.
  + by rewrite phiM fE le_eqVlt; apply/orP; left; apply/eqP; field; rewrite ne.
  + by rewrite !phiM le_eqVlt; apply/orP; left; apply/eqP; field; rewrite ne nf.
  + by rewrite !phiM /sC le_eqVlt; apply/orP; left; apply/eqP; rewrite /f; field; rewrite ne.
  + by rewrite !phiM /gC le_eqVlt; apply/orP; left; apply/eqP; field; rewrite ne nf.
rewrite /err_h lookE phiM phi_sum -mulrA; apply: ler_wpmul2r; last by apply: ler_sum => j _; apply: X_le.
by apply: divr_ge0; [exact: phi_ge0 c0|exact: ltW].
Qed.

Let e3 := e * e * e.
Let hr := h_re n w t.
Let hi := h_im n w t.
Let eh := err_h n absX t.
Let H (l : nat) := modulus (hr l) (hi l).
Let eG := errG n w absX absY k v hr hi eh.
Let mG := maxG n w absX absY k v hr hi eh.
Let cG := centreG n w k hr hi.
Let h0 (l : 'I_n) : C := (Xm *m u0) l 0.
Let G0 : C := \sum_l Ym k1 l * ((Xm l k1)^* * h0 l).

Let errG_C : \sum_(l < n) (phi (err_a v l) / e * (phi (absX l k) + phi (err_q v l) / e) * (phi (H l) / e + phi (eh l) / e)
   + phi (absY k l) / e * (phi (err_q v l) / e * (phi (H l) / e + phi (eh l) / e) + phi (absX l k) * (phi (eh l) / e))) = phi eG / e3.
Proof.
rewrite /eG /errG phi_sum mulr_suml; apply: eq_bigr => l _; rewrite -/(H l); move: (H l) (eh l) => Hl el.
rewrite /e3 !(phiD, phiM) -/e; move: (phi Hl) (phi el) (phi (err_q v l)) (phi (err_a v l)) (phi (absX l k)) (phi (absY k l)) => t1 t2 t3 t4 t5 t6.
by field; rewrite ne.
Qed.

Let maxG_C : \sum_(l < n) ((phi (absY k l) / e + phi (err_a v l) / e) * (phi (absX l k) + phi (err_q v l) / e) * (phi (H l) / e + phi (eh l) / e)) = phi mG / e3.
Proof.
rewrite /mG /maxG phi_sum mulr_suml; apply: eq_bigr => l _; rewrite -/(H l); move: (H l) (eh l) => Hl el.
rewrite /e3 !(phiD, phiM) -/e; move: (phi Hl) (phi el) (phi (err_q v l)) (phi (err_a v l)) (phi (absX l k)) (phi (absY k l)) => t1 t2 t3 t4 t5 t6.
by field; rewrite ne.
Qed.

Let Re_G0 : 'Re G0 = phi cG / e3.
Proof.
rewrite /G0 raddf_sum /cG /centreG phiM phi_sum mulr_suml mulr_suml; apply: eq_bigr => l _ /=.
rewrite /h0 h_entry Yk Xk cxC -/hr -/hi [cx (xr l) _ * _]mulrA cxM mulf_div cxM.
rewrite ReMr; last by rewrite rpredV rpredM.
rewrite cxRe !(phiB, phiD, phiM, phiN) -/e /e3.
move: (phi (hr l)) (phi (hi l)) (phi (yr l)) (phi (yi l)) (phi (xr l)) (phi (xi l)) => t1 t2 t3 t4 t5 t6.
by field; rewrite ne.
Qed.

Let G_le rG : divided_ok w v eG mG rG -> `|Gsum R q a / P - G0| <= phi rG / e3.
Proof.
move=> h; have e30 : 0 < e3 by rewrite !mulr_gt0.
have hH (l : 'I_n) : `|h0 l| <= phi (H l) / e by rewrite /h0 h_entry; apply: cx_norm.
apply: (G_near err_q_le err_a_le (fun l => X_le l k1) (fun l => Y_le k1 l) P_le dd1 h_near hH).
rewrite maxG_C errG_C -(ler_pmul2r (mulr_gt0 e30 e20)).
have -> : phi mG / e3 * (phi (dd v) / (e * e)) * (e3 * (e * e)) = phi (mG * dd v)%bigZ.
  by rewrite phiM /e3; move: (phi mG) (phi (dd v)) => t1 t2; field; rewrite ne.
have -> : (phi rG / e3 - phi eG / e3) * (1 - phi (dd v) / (e * e)) * (e3 * (e * e)) = phi ((rG - eG) * (E w * E w - dd v))%bigZ.
  rewrite phiM !phiB phiM -/e /e3; move: (phi rG) (phi eG) (phi (dd v)) => t1 t2 t3; field; rewrite ne //.
exact: phi_le.
Qed.

Let imk := nth 0%bigZ (di w) k.
Lemma curved_near rS rG : divided_ok w v errS maxS rS -> divided_ok w v eG mG rG ->
  `|'Im (Tsum 3%:R 1 om R q a / P) - phi (3 * (S0 * (E w * D w)) - 2 * (imk * cG) * E w)%bigZ / (e4 * f)| <=
  phi (3 * (rS * (E w * D w)) + 2 * ((BigZ.abs imk + g k) * rG + g k * BigZ.abs cG) * E w)%bigZ / (e4 * f).
Proof.
move=> /S_le hS /G_le hG.
have ImdE : 'Im (d k1) = phi imk / f by rewrite Imd.
have hnu : `|om - 'Im (d k1)| <= phi (g k) / f by apply: le_trans (Im_near _ _) muk.
have := T_near (ler0n _ 3) ler01 (Creal_Im mu) (Creal_Im (d k1)) hS hG hnu.
have -> : 3%:R * (Ssum q a / P) - 1 * (2%:R * 'i * om) * (Gsum R q a / P) = Tsum 3%:R 1 om R q a / P by rewrite /Tsum mulrBl !mulrA.
rewrite Re_G0 ImdE; have nn val y : 0 < y -> `|phi val / y| = phi (BigZ.abs val) / y by move=> y0; rewrite normrM normfV (gtr0_norm y0) phi_abs.
rewrite !nn ?mulr_gt0 //.
have -> : 3%:R * (phi S0 / e4) - 1 * (2%:R * (phi imk / f * (phi cG / e3))) = phi (3 * (S0 * (E w * D w)) - 2 * (imk * cG) * E w)%bigZ / (e4 * f).
  move: (S0) (imk) (cG) => T0 ik G1; rewrite phiB !phiM phi3 phi2 -/f -/e /e4 /e3; move: (phi T0) (phi ik) (phi G1) => t1 t2 t3.
  by field; rewrite ne nf.
have -> : 3%:R * (phi rS / e4) + 1 * (2%:R * ((phi (BigZ.abs imk) / f + phi (g k) / f) * (phi rG / e3) + phi (g k) / f * (phi (BigZ.abs cG) / e3))) =
   phi (3 * (rS * (E w * D w)) + 2 * ((BigZ.abs imk + g k) * rG + g k * BigZ.abs cG) * E w)%bigZ / (e4 * f).
  move: (imk) (cG) => ik G1; rewrite phiD !phiM phi3 phi2 phiD !phiM phiD -/f -/e /e4 /e3.
  move: (phi rS) (phi (BigZ.abs ik)) (phi (g k)) (phi rG) (phi (BigZ.abs G1)) => t1 t2 t3 t4 t5.
  by field; rewrite ne nf.
by [].
Qed.
End Curved.
End L.

(* the eigenvectors, and T for every normalised pair *)
Section Pair.
Variables (kap l1e : enclosure) (kappa cT eT mu : C) (R : 'M[C]_n).
Hypotheses (kap0 : (0 <? numer (lower kap))%bigZ) (kap_in : enclosesC kap kappa).
Hypotheses (muk : `|mu - d k1| <= gC k1) (murs : mu \in rs).

Definition lyapunov_value : Prop := exists tau, [/\ exists q p : 'cV[C]_n,
      [/\ W *m q = mu *: q, ct p *m W = mu *: ct p, (ct q *m q) 0 0 = 1 & (ct p *m q) 0 0 = 1],
    forall q p : 'cV[C]_n, W *m q = mu *: q -> ct p *m W = mu *: ct p -> (ct q *m q) 0 0 = 1 -> (ct p *m q) 0 0 = 1 ->
      Tsum cT eT ('Im mu) R q (ct p) = tau,
    enclosesC l1e (kappa * ('Im mu ^+ 2 * 'Im tau)) & kappa * ('Im mu ^+ 2 * 'Im tau) != 0].

Lemma lyapunov_sound t rT : value_ok n w g absX kap l1e k v t rT ->
  (forall (u : 'cV[C]_n) (x : 'rV[C]_n), u k1 0 = 1 -> (forall i, i != k1 -> `|u i 0| <= phi (dR v i) / e) ->
    x 0 k1 = 1 -> (forall i, i != k1 -> `|x 0 i| <= phi (dL v i) / e) ->
    `|'Im (Tsum cT eT ('Im mu) R (Xm *m u) (x *m invmx Xm) / (x *m invmx Xm *m (Xm *m u)) 0 0) - phi t / (e * e * (e * e) * f)| <=
    phi rT / (e * e * (e * e) * f)) -> lyapunov_value.
Proof.
move=> hL hval.
have root_mu : root (char_poly W) mu by rewrite cW root_prod_XsubC.
have [q1 Wq1 q10] : exists2 q1 : 'cV[C]_n, W *m q1 = mu *: q1 & q1 != 0.
  have : eigenvalue W^T mu by rewrite eigenvalue_root_char /char_poly -det_tr -/(char_poly _) (_ : (char_poly_mx W^T)^T = char_poly_mx W) //
    ?[RHS]/char_poly ?/char_poly_mx ?linearB /= ?tr_scalar_mx ?map_trmx ?trmxK.
  by move=> /eigenvalueP [r' rW r0]; exists r'^T; [rewrite -[W]trmxK -trmx_mul rW linearZ|rewrite -(inj_eq (@trmx_inj _ _ _)) trmxK trmx0].
have [p1 Wp1 p10] : exists2 p1 : 'rV[C]_n, p1 *m W = mu *: p1 & p1 != 0.
  have : eigenvalue W mu by rewrite eigenvalue_root_char.
  by move=> /eigenvalueP [r' rW r0]; exists r'.
have [b [u [b0 qE uk hu]]] := right_vector bounds_of_check muk vectors_sound Wq1 q10.
have [b' [x [b0' pE xk hx]]] := left_vector bounds_of_check muk vectors_sound Wp1 p10.
have := value_sound muk uk hu xk hx kap0 kap_in hL (hval u x uk hu xk hx).
set q := Xm *m u in qE *; set a := x *m _ in pE *; set tau' := _ / _ / _; move=> [P0 Q0 enc nz].
have Wq : W *m q = mu *: q.
  by apply: (scalerI b0); rewrite scalerA mulrC -scalerA -qE -Wq1 qE -scalemxAr.
have aW : a *m W = mu *: a.
  by apply: (scalerI b0'); rewrite scalerA mulrC -scalerA -pE -Wp1 pE -scalemxAl.
have q0 : q != 0 by apply: contra_neq q10 => h; rewrite qE h scaler0.
have a0 : a != 0 by apply: contra_neq p10 => h; rewrite pE h scaler0.
exists tau'; split=> //.
  set Q := (ct q *m q) 0 0 in Q0 *; set P := (a *m q) 0 0 in P0 *.
  have sQ : sqrtC Q ^+ 2 = Q := sqrtCK Q; have sQ0 : 0 < sqrtC Q by rewrite sqrtC_gt0.
  have sQr : (sqrtC Q)^* = sqrtC Q by apply/CrealP; rewrite gtr0_real.
  exists ((sqrtC Q)^-1 *: q), (ct ((sqrtC Q / P) *: a)); rewrite ctK; split.
  - by rewrite -scalemxAr Wq !scalerA mulrC.
  - by rewrite -scalemxAl aW !scalerA mulrC.
  - rewrite ctZ -scalemxAl -scalemxAr [LHS]mxE [X in _ * X]mxE -/Q fmorphV sQr -[X in _ * (_ * X)]sQ.
    by move: (sqrtC Q) sQ0 => y1 y10; field; rewrite ?gt_eqF.
  rewrite -scalemxAl -scalemxAr [LHS]mxE [X in _ * X]mxE -/P; move: (sqrtC Q) P sQ0 P0 => y1 y2 y10 y20.
  by field; rewrite y20 gt_eqF.
move=> q' p' Wq' pW' nq np; have [c1 q'E] := right_unique bounds_of_check muk vectors_sound Wq Wq' q0.
have [c2 p'E] := left_unique bounds_of_check muk vectors_sound aW pW' a0.
exact: Tsum_scale q'E p'E nq np.
Qed.
End Pair.
End B.
End A.
End Sound.
