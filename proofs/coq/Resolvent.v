(* Lemma C of MATHEMATICS.md, section 7: the solution of (z I - W) y = v from the approximate similarity of Theorem A, for any
   approximate solution u0 in the coordinates of X whose residual is known. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Proofgen Require Import Inertia Dominance TheoremA.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section Resolvent.
Variable C : numClosedFieldType.
Variables (n : nat) (X Y W : 'M[C]_n) (d r s g : 'I_n -> C) (rho normN : C).
Hypothesis bounds : similarity_bounds X Y W d r s g rho normN.
Let M := invmx X *m W *m X.
Let S := invmx (Y *m X) - 1%:M.

Variables (z : C) (y v u0 : 'cV[C]_n) (vmax umax beta err : C).
Hypothesis yv : (z%:M - W) *m y = v.
Hypothesis beta0 : 0 < beta.
Hypothesis far : forall j, beta + g j <= `|z - d j|.
Hypothesis v_le : forall j, `|(Y *m v) j 0| <= vmax.
Hypothesis u_le : forall j, `|u0 j 0| <= umax.
Hypothesis residual : forall j, `|(Y *m v) j 0 - (z - d j) * u0 j 0| + s j * vmax + g j * umax <= beta * err.

Lemma resolvent_near j : `|(invmx X *m y) j 0 - u0 j 0| <= err.
Proof.
have uX := X_unit bounds; set u := invmx X *m y; pose t i := u i 0 - u0 i 0.
have eq : (z%:M - M) *m u = Y *m v + S *m (Y *m v).
  have -> : Y *m v + S *m (Y *m v) = invmx X *m v by rewrite (invX bounds) -mulmxA mulmxDl mul1mx.
  rewrite -yv /M /u !mulmxBl !mul_scalar_mx mulmxBr -[invmx X *m (_ *: _)]scalemxAr; congr (_ - _).
  by rewrite -!mulmxA mulKVmx.
have off i : `|M i i - d i| + \sum_(j | j != i) `|M i j| <= g i := discs bounds i.
have [|i hi] := @real_max _ _ (fun i => `|t i|) j; first by move=> k; apply: normr_real.
rewrite -/(t j); apply: le_trans (hi j) _.
have row : (z - d i) * t i = ((Y *m v) i 0 - (z - d i) * u0 i 0) + (S *m (Y *m v)) i 0 +
    (((M i i - d i) * u0 i 0 + \sum_(k | k != i) M i k * u0 k 0) + ((M i i - d i) * t i + \sum_(k | k != i) M i k * t k)).
  have := congr1 (fun x : 'cV[C]_n => x i 0) eq; rewrite mulmxBl mul_scalar_mx.
  rewrite [LHS]mxE [(z *: u) i 0]mxE [(- (M *m u)) i 0]mxE [RHS]mxE [(M *m u) i 0]mxE (bigD1 i) //= => h.
  have sE : \sum_(k | k != i) M i k * u k 0 = \sum_(k | k != i) M i k * u0 k 0 + \sum_(k | k != i) M i k * t k.
    by rewrite -big_split /=; apply: eq_bigr => k _; rewrite -mulrDr /t addrC subrK.
  move: h; rewrite sE /t; clear sE hi; move: (\sum_(_ | _) _) (\sum_(_ | _) _) ((Y *m v) i 0) ((S *m (Y *m v)) i 0) (u i 0) (u0 i 0) (M i i) => a b e f x y0 m h.
  have -> : e = z * x - (m * x + (b + a)) - f by rewrite h addrK.
  by ring.
have hSY : `|(S *m (Y *m v)) i 0| <= s i * vmax.
  have v0 : 0 <= vmax by apply: le_trans (v_le i).
  rewrite mxE; apply: le_trans (ler_norm_sum _ _ _) _; apply: le_trans (_ : \sum_k `|S i k| * vmax <= _).
    by apply: ler_sum => k _; rewrite normrM ler_wpmul2l.
  by rewrite -mulr_suml ler_wpmul2r // (rowS bounds).
have hM (w : 'I_n -> C) wm : (forall k, `|w k| <= wm) -> `|(M i i - d i) * w i + \sum_(k | k != i) M i k * w k| <= g i * wm.
  move=> hw; have w0 : 0 <= wm by apply: le_trans (hw i).
  apply: le_trans (_ : (`|M i i - d i| + \sum_(k | k != i) `|M i k|) * wm <= _); last by rewrite ler_wpmul2r.
  rewrite [X in _ <= X]mulrDl; apply: le_trans (ler_norm_add _ _) _; apply: ler_add; first by rewrite normrM ler_wpmul2l.
  by apply: le_trans (ler_norm_sum _ _ _) _; rewrite mulr_suml; apply: ler_sum => k _; rewrite normrM ler_wpmul2l.
have h : `|z - d i| * `|t i| <= beta * err + g i * `|t i|.
  rewrite -normrM row; apply: le_trans (ler_norm_add _ _) _.
  apply: le_trans (ler_add (ler_norm_add _ _) (ler_norm_add _ _)) _; rewrite addrA; apply: ler_add; last exact: hM hi.
  apply: le_trans (residual i); apply: ler_add; last exact: hM (fun k => u0 k 0) _ u_le.
  by rewrite ler_add2l.
rewrite -(ler_pmul2l beta0) -(ler_add2r (g i * `|t i|)) -mulrDl; apply: le_trans h; exact: ler_wpmul2r.
Qed.

(* in the original coordinates *)
Lemma solution_near l : `|y l 0 - (X *m u0) l 0| <= (\sum_j `|X l j|) * err.
Proof.
have uX := X_unit bounds; have -> : y l 0 - (X *m u0) l 0 = \sum_j X l j * ((invmx X *m y) j 0 - u0 j 0).
  have {1}-> : y = X *m (invmx X *m y) by rewrite mulKVmx.
  by rewrite [(X *m (invmx X *m y)) l 0]mxE [(X *m u0) l 0]mxE -sumrB; apply: eq_bigr => j _; rewrite mulrBr.
apply: le_trans (ler_norm_sum _ _ _) _; rewrite mulr_suml; apply: ler_sum => j _.
by rewrite normrM ler_wpmul2l // resolvent_near.
Qed.
End Resolvent.

(* z and v are known approximately *)
Section Approximate.
Variable C : numClosedFieldType.
Variables (n : nat) (X Y W : 'M[C]_n) (d r s g : 'I_n -> C) (rho normN : C).
Hypothesis bounds : similarity_bounds X Y W d r s g rho normN.
Variables (z z0 delta : C) (y v v0 u0 : 'cV[C]_n) (dv DY : 'I_n -> C) (vmax umax beta err : C).
Hypothesis yv : (z%:M - W) *m y = v.
Hypothesis v_near : forall l, `|v l 0 - v0 l 0| <= dv l.
Hypothesis z_near : `|z - z0| <= delta.
Hypothesis beta0 : 0 < beta.
Hypothesis DY_le : forall j, \sum_l `|Y j l| * dv l <= DY j.
Hypothesis far : forall j, beta + g j + delta <= `|z0 - d j|.
Hypothesis v_le : forall j, `|(Y *m v0) j 0| + DY j <= vmax.
Hypothesis u_le : forall j, `|u0 j 0| <= umax.
Hypothesis residual : forall j,
  `|(Y *m v0) j 0 - (z0 - d j) * u0 j 0| + DY j + delta * umax + s j * vmax + g j * umax <= beta * err.

Lemma approximate_solution l : `|y l 0 - (X *m u0) l 0| <= (\sum_j `|X l j|) * err.
Proof.
have Yv j : `|(Y *m v) j 0 - (Y *m v0) j 0| <= DY j.
  have -> : (Y *m v) j 0 - (Y *m v0) j 0 = \sum_l Y j l * (v l 0 - v0 l 0).
    by rewrite !mxE -sumrB; apply: eq_bigr => i _; rewrite mulrBr.
  apply: le_trans (DY_le j); apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => i _.
  by rewrite normrM ler_wpmul2l.
apply: (solution_near bounds yv beta0 _ _ u_le) => [j|j|j].
- rewrite -(ler_add2r delta); apply: le_trans (far j) _.
  have -> : z0 - d j = (z - d j) - (z - z0) by ring.
  by apply: le_trans (ler_norm_sub _ _) _; rewrite ler_add2l.
- apply: le_trans (v_le j); rewrite -[(Y *m v) j 0](subrK ((Y *m v0) j 0)) addrC.
  by apply: le_trans (ler_norm_add _ _) _; rewrite ler_add2l.
apply: le_trans (residual j); rewrite !ler_add2r.
have -> : (Y *m v) j 0 - (z - d j) * u0 j 0 =
    ((Y *m v0) j 0 - (z0 - d j) * u0 j 0) + ((Y *m v) j 0 - (Y *m v0) j 0) - (z - z0) * u0 j 0.
  by move: ((Y *m v) j 0) ((Y *m v0) j 0) (u0 j 0) => a b c; ring.
apply: le_trans (ler_norm_sub _ _) _; apply: ler_add; last by rewrite normrM ler_pmul.
by apply: le_trans (ler_norm_add _ _) _; rewrite ler_add2l.
Qed.
End Approximate.
