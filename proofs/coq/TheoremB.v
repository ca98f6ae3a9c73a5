(* Theorem B of FORMAT.md, section 8: the right and left eigenvectors of W for an isolated eigenvalue mu, known up to entrywise
   errors: q = X u, p^H = w X^-1 = w (I + S) Y with u_k = w_k = 1 and small other entries. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Proofgen Require Import Inertia Dominance TheoremA.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section TheoremB.
Variable C : numClosedFieldType.

(* one eigenvector of M, its largest entry at k; the left one: the same for the transposed matrix *)
Lemma thmB n (M : 'M[C]_n) (k : 'I_n) mu (u : 'cV[C]_n) (eta t m : 'I_n -> C) delta :
  M *m u = mu *: u -> u != 0 -> 0 <= delta ->
  (forall i, i != k -> \sum_(j | j != i) `|M i j| <= t i) -> (forall i, i != k -> eta i <= `|mu - M i i|) ->
  (forall i, i != k -> t i < eta i) -> (forall i, i != k -> `|M i k| <= m i) ->
  (forall i, i != k -> m i + t i * delta <= eta i * delta) ->
  u k 0 != 0 /\ forall i, i != k -> `|u i 0| * eta i <= (m i + t i * delta) * `|u k 0|.
Proof.
move=> Mu u0 d0 ht he te hm hd.
have row i : (mu - M i i) * u i 0 = \sum_(j | j != i) M i j * u j 0.
  by move/matrixP: Mu => /(_ i 0); rewrite !mxE (bigD1 i) //= mulrBl => <-; rewrite addrC addKr.
have t0 i : i != k -> 0 <= t i by move=> ik; apply: le_trans (ht i ik); rewrite sumr_ge0.
have [j0 uj0] := col_neq0 u0.
have [|i hi] := @real_max _ _ (fun i => `|u i 0|) j0; first by move=> i; apply: normr_real.
have ui : 0 < `|u i 0| by apply: lt_le_trans (hi j0); rewrite normr_gt0.
have E : i = k.
  apply/eqP; apply: contraT => ik; have := le_lt_trans (ht i ik) (te i ik); rewrite -(ltr_pmul2r ui).
  move=> /lt_le_trans /(_ (ler_wpmul2r (ltW ui) (he i ik))); rewrite -normrM row mulr_suml.
  move=> /lt_geF <-; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => j _.
  by rewrite normrM ler_wpmul2l.
rewrite {i}E in hi ui; have uk : u k 0 != 0 by rewrite -normr_gt0.
split=> // {j0 uj0}.
have step D : 0 <= D -> (forall j, j != k -> `|u j 0| <= D) -> forall i, i != k ->
    `|u i 0| * eta i <= m i * `|u k 0| + t i * D.
  move=> D0 hD i ik; apply: le_trans (_ : `|u i 0| * `|mu - M i i| <= _).
    by rewrite ler_wpmul2l // he.
  rewrite mulrC -normrM row (bigD1 k) 1?eq_sym //=.
  apply: le_trans (ler_norm_add _ _) _; apply: ler_add; first by rewrite normrM ler_wpmul2r // hm.
  apply: le_trans (_ : (\sum_(j | j != i) `|M i j|) * D <= _); last by rewrite ler_wpmul2r // ht.
  apply: le_trans (ler_norm_sum _ _ _) _; rewrite mulr_suml [X in _ <= X](bigD1 k) 1?eq_sym //=.
  rewrite ler_paddl ?mulr_ge0 //; apply: ler_sum => j /andP [_ jk].
  by rewrite normrM ler_wpmul2l // hD.
have dD i : i != k -> `|u i 0| <= delta * `|u k 0|.
  move=> ik0; pose f j := if j == k then 0 else `|u j 0|.
  have [|l hl] := @real_max _ _ f i.
    by move=> j; rewrite /f; case: ifP => _; rewrite ?real0 ?normr_real.
  have fl j : j != k -> `|u j 0| <= f l by move=> jk; have := hl j; rewrite {1}/f (negPf jk).
  have f0 : 0 <= f l by rewrite /f; case: ifP.
  apply: le_trans (fl i ik0) _; have [lk|lk] := eqVneq l k.
    by rewrite /f lk eqxx mulr_ge0.
  have fE : f l = `|u l 0| by rewrite /f (negPf lk).
  have p : 0 < eta l - t l by rewrite subr_gt0 te.
  have := step _ f0 fl l lk; rewrite -fE -ler_subl_addr => h.
  rewrite -(ler_pmul2r p) [X in X <= _]mulrBr [f l * t l]mulrC; apply: le_trans h _.
  rewrite mulrAC ler_wpmul2r // mulrBr ler_subr_addr [delta * t l]mulrC [delta * _]mulrC; exact: hd.
move=> i ik; apply: le_trans (step _ _ dD i ik) _; first by rewrite mulr_ge0.
by rewrite mulrDl mulrA.
Qed.


Section B.
Variables (n : nat) (X Y W : 'M[C]_n) (d r s g : 'I_n -> C) (rho normN : C).
Hypothesis bounds : similarity_bounds X Y W d r s g rho normN.
Let N := Y *m W *m X.
Let M := invmx X *m W *m X.
Variables (k : 'I_n) (mu : C).
Hypothesis muk : `|mu - d k| <= g k.
Variables (nu eta c mR mL dR dL ymax : 'I_n -> C) (deltaR deltaL : C).

Record eigenvector_bounds : Prop := {
  nu_def : forall l j, `|N l j| <= nu j;
  eta_def : forall i, i != k -> eta i + g k + g i <= `|d k - d i|;
  c_def : forall j, j != k -> ((\sum_(i | i != j) `|N i j|) + nu j * (\sum_i s i) <= c j)%R;
  g_eta : forall i, i != k -> g i < eta i;
  c_eta : forall i, i != k -> c i < eta i;
  mR_def : forall i, i != k -> `|N i k| + s i * nu k <= mR i;
  mL_def : forall i, i != k -> `|N k i| + s k * nu i <= mL i;
  deltaR_ge0 : 0 <= deltaR;
  deltaL_ge0 : 0 <= deltaL;
  deltaR_def : forall i, i != k -> mR i + g i * deltaR <= eta i * deltaR;
  deltaL_def : forall i, i != k -> mL i + c i * deltaL <= eta i * deltaL;
  dR_def : forall i, i != k -> mR i + g i * deltaR <= eta i * dR i;
  dL_def : forall i, i != k -> mL i + c i * deltaL <= eta i * dL i;
  ymax_def : forall i l, `|Y i l| <= ymax l }.
Hypothesis eb : eigenvector_bounds.

Let etaM i : i != k -> eta i <= `|mu - M i i|.
Proof.
move=> ik; have hi : `|M i i - d i| <= g i.
  by apply: le_trans (discs bounds i); rewrite ler_addl sumr_ge0.
have E : d k - d i = (mu - M i i) + ((d k - mu) + (M i i - d i)).
  by rewrite [(d k - mu) + _]addrC addrA subrKA [RHS]addrC subrKA.
have h := eta_def eb ik; rewrite -(ler_add2r (g k + g i)) addrA; apply: le_trans h _.
rewrite E; apply: le_trans (ler_norm_add _ _) _; rewrite ler_add2l; apply: le_trans (ler_norm_add _ _) _.
by rewrite ler_add // distrC.
Qed.

Let entry i j : `|M i j| <= `|N i j| + s i * nu j.
Proof. exact: (entryM bounds _ (nu_def eb ^~ j)). Qed.

Let rowM i : i != k -> \sum_(j | j != i) `|M i j| <= g i.
Proof. by move=> _; apply: le_trans (discs bounds i); rewrite ler_addr. Qed.

Let colM j : j != k -> \sum_(i | i != j) `|M^T j i| <= c j.
Proof.
move=> jk; apply: le_trans (c_def eb jk); rewrite mulr_sumr.
apply: le_trans (_ : \sum_(i | i != j) (`|N i j| + s i * nu j) <= _).
  by apply: ler_sum => i _; rewrite mxE.
rewrite big_split /= ler_add2l [X in _ <= X](bigD1 j) //=.
apply: ler_paddl; first by rewrite mulr_ge0 ?(s_ge0 bounds) //; apply: le_trans (nu_def eb j j).
by apply: ler_sum => i _; rewrite mulrC.
Qed.

(* q is a multiple of X u *)
Lemma right_vector (q : 'cV[C]_n) : W *m q = mu *: q -> q != 0 ->
  exists a (u : 'cV[C]_n), [/\ a != 0, q = a *: (X *m u), u k 0 = 1 & forall i, i != k -> `|u i 0| <= dR i].
Proof.
have uX := X_unit bounds; move=> Wq q0; pose v := invmx X *m q.
have qE : q = X *m v by rewrite /v mulKVmx.
have v0 : v != 0 by apply: contra_neq q0 => v0; rewrite qE v0 mulmx0.
have Mv : M *m v = mu *: v by rewrite /M -!mulmxA -qE Wq -scalemxAr.
have [vk hv] := @thmB n M k mu v eta g mR deltaR Mv v0 (deltaR_ge0 eb) rowM etaM (g_eta eb)
  (fun i ik => le_trans (entry i k) (mR_def eb ik)) (deltaR_def eb).
exists (v k 0), ((v k 0)^-1 *: v); split=> //.
- by rewrite -scalemxAr scalerA divff // scale1r.
- by rewrite mxE mulVf.
move=> i ik; have e0 : 0 < eta i.
  by apply: le_lt_trans (g_eta eb ik); apply: le_trans (rowM ik); rewrite sumr_ge0.
rewrite mxE normrM normfV mulrC ler_pdivr_mulr ?normr_gt0 // -(ler_pmul2r e0).
apply: le_trans (hv i ik) _; rewrite mulrAC ler_wpmul2r // mulrC; exact: (dR_def eb).
Qed.

(* a left eigenvector is a multiple of w X^-1 *)
Lemma left_vector (p : 'rV[C]_n) : p *m W = mu *: p -> p != 0 ->
  exists b (w : 'rV[C]_n), [/\ b != 0, p = b *: (w *m invmx X), w 0 k = 1 & forall i, i != k -> `|w 0 i| <= dL i].
Proof.
have uX := X_unit bounds; move=> pW p0; pose v := p *m X.
have pE : p = v *m invmx X by rewrite /v mulmxK.
have v0 : v^T != 0 by apply: contra_neq p0 => v0; rewrite pE -[v]trmxK v0 trmx0 mul0mx.
have Mv : M^T *m v^T = mu *: v^T.
  by rewrite -trmx_mul /M !mulmxA -pE pW -scalemxAl linearZ.
have etaM' i : i != k -> eta i <= `|mu - M^T i i| by move=> ik; rewrite mxE; apply: etaM.
have mL' i : i != k -> `|M^T i k| <= mL i.
  by move=> ik; rewrite mxE; apply: le_trans (entry k i) (mL_def eb ik).
have [vk hv] := @thmB n M^T k mu v^T eta c mL deltaL Mv v0 (deltaL_ge0 eb) colM etaM' (c_eta eb) mL' (deltaL_def eb).
rewrite mxE in vk; clearbody v; exists (v 0 k), ((v 0 k)^-1 *: v); split=> //.
- by rewrite -scalemxAl scalerA divff // scale1r.
- by rewrite mxE mulVf.
move=> i ik; have := hv i ik; rewrite !mxE => hvi; have e0 : 0 < eta i.
  by apply: le_lt_trans (g_eta eb ik); apply: le_trans (rowM ik); rewrite sumr_ge0.
rewrite normrM normfV mulrC ler_pdivr_mulr ?normr_gt0 // -(ler_pmul2r e0).
apply: le_trans hvi _; rewrite mulrAC ler_wpmul2r // mulrC; exact: (dL_def eb).
Qed.

(* an eigenvector is unique up to a factor *)
Lemma right_unique (q q' : 'cV[C]_n) : W *m q = mu *: q -> W *m q' = mu *: q' -> q != 0 -> exists a, q' = a *: q.
Proof.
move=> Wq Wq' q0; have uX := X_unit bounds; have [a [u [a0 qE uk _]]] := right_vector Wq q0.
pose t := (invmx X *m q') k 0; exists (t / a); apply/eqP; rewrite -subr_eq0; apply: contraT => w0.
have Ww : W *m (q' - (t / a) *: q) = mu *: (q' - (t / a) *: q).
  by rewrite mulmxBr Wq' -scalemxAr Wq scalerBr !scalerA mulrC.
have [b [v [b0 wE vk _]]] := right_vector Ww w0.
have := congr1 (fun z : 'cV[C]_n => (invmx X *m z) k 0) wE; rewrite mulmxBr {1}qE scalerA divfK //.
rewrite -!scalemxAr !mulKmx // !mxE uk vk !mulr1 -/t => h; move: b0; rewrite -h.
by rewrite /t mxE subrr eqxx.
Qed.

Lemma left_unique (p p' : 'rV[C]_n) : p *m W = mu *: p -> p' *m W = mu *: p' -> p != 0 -> exists a, p' = a *: p.
Proof.
move=> pW pW' p0; have uX := X_unit bounds; have [a [u [a0 pE uk _]]] := left_vector pW p0.
pose t := (p' *m X) 0 k; exists (t / a); apply/eqP; rewrite -subr_eq0; apply: contraT => w0.
have wW : (p' - (t / a) *: p) *m W = mu *: (p' - (t / a) *: p).
  by rewrite mulmxBl pW' -scalemxAl pW scalerBr !scalerA mulrC.
have [b [v [b0 wE vk _]]] := left_vector wW w0.
have := congr1 (fun z : 'rV[C]_n => (z *m X) 0 k) wE; rewrite mulmxBl {1}pE scalerA divfK //.
rewrite -!scalemxAl !mulmxKV // !mxE uk vk !mulr1 => h; move: b0; rewrite -h.
by rewrite /t mxE subrr eqxx.
Qed.

Section Vectors.
Variables (u : 'cV[C]_n) (w : 'rV[C]_n).
Hypotheses (uk : u k 0 = 1) (hu : forall i, i != k -> `|u i 0| <= dR i).
Hypotheses (wk : w 0 k = 1) (hw : forall i, i != k -> `|w 0 i| <= dL i).

Lemma q_near l : `|(X *m u) l 0 - X l k| <= \sum_(i | i != k) `|X l i| * dR i.
Proof.
rewrite mxE (bigD1 k) //= uk mulr1 addrC addKr.
apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => i ik.
by rewrite normrM ler_wpmul2l // hu.
Qed.

Lemma p_near l : `|(w *m invmx X) 0 l - Y k l| <=
  \sum_(i | i != k) dL i * `|Y i l| + (s k + \sum_(i | i != k) dL i * s i) * ymax l.
Proof.
rewrite (invX bounds) mulmxDl mul1mx mulmxDr mxE [X in X + _ - _]mxE (bigD1 k) //= wk mul1r.
rewrite -(addrA (Y k l)) [Y k l + _]addrC addrK; apply: le_trans (ler_norm_add _ _) _; apply: ler_add.
  apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => i ik.
  by rewrite normrM ler_wpmul2r // hw.
set S := _ - 1%:M; have y0 : 0 <= ymax l by apply: le_trans (ymax_def eb k l).
have rowSY i : `|(S *m Y) i l| <= s i * ymax l.
  rewrite mxE; apply: le_trans (ler_norm_sum _ _ _) _.
  apply: le_trans (_ : \sum_j `|S i j| * ymax l <= _).
    by apply: ler_sum => j _; rewrite normrM ler_wpmul2l // (ymax_def eb).
  by rewrite -mulr_suml ler_wpmul2r // (rowS bounds).
rewrite mxE (bigD1 k) //= wk mul1r mulrDl; apply: le_trans (ler_norm_add _ _) _; apply: ler_add => //.
rewrite mulr_suml; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => i ik.
rewrite normrM -mulrA; apply: ler_pmul => //; exact: hw.
Qed.

Lemma pq_near : `|(w *m invmx X *m (X *m u)) 0 0 - 1| <= \sum_(i | i != k) dL i * dR i.
Proof.
rewrite -mulmxA mulKmx ?(X_unit bounds) // mxE (bigD1 k) //= uk wk mulr1 addrC addKr.
apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => i ik.
by rewrite normrM ler_pmul ?hu ?hw.
Qed.
End Vectors.
End B.
End TheoremB.
