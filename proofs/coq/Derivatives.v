(* The derivatives of x' = sigma((W + gamma I) x + b): Frechet derivatives of all orders needed, and those of tanh, sin and arctan. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_algebra complex Rstruct.
From Proofgen Require Import Statement.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

(* s1, s2, s3 are the first three derivatives of s, everywhere *)
Definition jets (s s1 s2 s3 : real -> real) : Prop :=
  [/\ forall x, derivable_pt_lim s x (s1 x), forall x, derivable_pt_lim s1 x (s2 x) & forall x, derivable_pt_lim s2 x (s3 x)].

Local Open Scope R_scope.
Lemma jets_sin : jets sin cos (fun x => - sin x) (fun x => - cos x).
Proof.
split=> x; [exact: derivable_pt_lim_sin|exact: derivable_pt_lim_cos|].
exact/derivable_pt_lim_opp/derivable_pt_lim_sin.
Qed.

Lemma tanh_lim x : derivable_pt_lim tanh x (1 - tanh x * tanh x).
Proof.
have c0 : cosh x <> 0 by apply/Rgt_not_eq/cosh_pos_lt || (rewrite /cosh; have := exp_pos x; have := exp_pos (- x); lra).
have -> : 1 - tanh x * tanh x = (cosh x * cosh x - sinh x * sinh x) / Rsqr (cosh x) by rewrite /tanh /Rsqr; field.
exact: derivable_pt_lim_div (derivable_pt_lim_sinh x) (derivable_pt_lim_cosh x) c0.
Qed.
Definition tanh1 x := 1 - tanh x * tanh x.
Definition tanh2 x := - 2 * tanh x * tanh1 x.
Definition tanh3 x := - 2 * (tanh1 x * tanh1 x + tanh x * tanh2 x).
Lemma jets_tanh : jets tanh tanh1 tanh2 tanh3.
Proof.
have h1 x : derivable_pt_lim tanh1 x (tanh2 x).
  have -> : tanh2 x = 0 - (tanh1 x * tanh x + tanh x * tanh1 x) by rewrite /tanh2; ring.
  apply: (derivable_pt_lim_minus (fun=> 1) (fun x => tanh x * tanh x)); first exact: derivable_pt_lim_const.
  by apply: derivable_pt_lim_mult; apply: tanh_lim.
split=> x; [exact: tanh_lim|exact: h1|].
have -> : tanh3 x = - 2 * tanh1 x * tanh1 x + (- 2 * tanh x) * tanh2 x by rewrite /tanh3; ring.
apply: (derivable_pt_lim_mult (fun x => - 2 * tanh x) tanh1); last exact: h1.
by have := derivable_pt_lim_scal tanh (- 2) x _ (tanh_lim x).
Qed.

Definition atan1 x := / (1 + x * x).
Definition atan2 x := - (2 * x) * (atan1 x * atan1 x).
Definition atan3 x := - 2 * (atan1 x * atan1 x) - 2 * x * (2 * atan1 x * atan2 x).
Lemma jets_atan : jets atan atan1 atan2 atan3.
Proof.
have p x : 1 + x * x <> 0 by have := Rle_0_sqr x; rewrite /Rsqr; lra.
have h1 x : derivable_pt_lim atan1 x (atan2 x).
  have -> : atan2 x = (0 * (1 + x * x) - (0 + (1 * x + x * 1)) * 1) / Rsqr (1 + x * x).
    by rewrite /atan2 /atan1 /Rsqr; field; exact: p.
  have h : derivable_pt_lim (fun y => 1 + y * y) x (0 + (1 * x + x * 1)).
    apply: (derivable_pt_lim_plus (fun=> 1) (fun y => y * y)); first exact: derivable_pt_lim_const.
    by apply: (derivable_pt_lim_mult id id); apply: derivable_pt_lim_id.
  have := derivable_pt_lim_div (fun=> 1) (fun y => 1 + y * y) x _ _ (derivable_pt_lim_const 1 x) h (p x).
  move=> h2 eps e0; have [d hd] := h2 eps e0; exists d => y y0 yd; have := hd y y0 yd.
  by rewrite /div_fct /atan1 /Rdiv !Rmult_1_l.
split=> x.
- have -> : atan1 x = / (1 + x ^ 2) by rewrite /atan1 /= Rmult_1_r.
  exact: derivable_pt_lim_atan.
- exact: h1.
have -> : atan3 x = - (2 * 1) * (atan1 x * atan1 x) + - (2 * x) * (atan2 x * atan1 x + atan1 x * atan2 x) by rewrite /atan3; ring.
apply: (derivable_pt_lim_mult (fun x => - (2 * x)) (fun x => atan1 x * atan1 x)); last by apply: derivable_pt_lim_mult.
exact/derivable_pt_lim_opp/(derivable_pt_lim_scal id)/derivable_pt_lim_id.
Qed.

Lemma derivable_shift (s : R -> R) z c l : derivable_pt_lim s (z + c) l -> derivable_pt_lim (fun y => s (y + c)) z l.
Proof.
move=> h eps e0; have [d hd] := h eps e0; exists d => k k0 kd; have := hd k k0 kd.
by have -> : z + k + c = z + c + k by ring.
Qed.
Local Close Scope R_scope.

(* the derivative as an inequality *)
Lemma derivable_le (s : real -> real) z l : derivable_pt_lim s z l ->
  forall eps, 0 < eps -> exists2 d, 0 < d & forall k, `|k| <= d -> `|s (z + k) - s z - l * k| <= eps * `|k|.
Proof.
move=> h eps eps0; have /RltP e0 := eps0; have [d hd] := h eps e0.
exists (pos d / 2%:R); first by rewrite divr_gt0 ?ltr0n //; apply/RltP; case: (d).
move=> k hk; have [->|k0] := eqVneq k 0; first by rewrite addr0 subrr mulr0 subrr normr0 mulr0.
have /RltP kd : `|k| < pos d.
  apply: le_lt_trans hk _; rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr ?ltr1n //.
  by apply/RltP; case: (d).
have k0' : k <> 0%R by apply/eqP.
have /RltP h' := hd k k0' kd.
have -> : s (z + k) - s z - l * k = ((s (z + k) - s z) / k - l) * k by rewrite mulrBl divfK.
rewrite normrM ler_wpmul2r //; apply: ltW; move: h'.
by rewrite RdivE // -[Rabs _]/(`|_|).
Qed.

(* a common delta *)
Lemma common_delta n (P : 'I_n -> real -> Prop) : (forall l, exists2 d, 0 < d & forall k, `|k| <= d -> P l k) ->
  exists2 d, 0 < d & forall l k, `|k| <= d -> P l k.
Proof.
move=> h; have [f hf] : exists f : 'I_n -> real, forall l, 0 < f l /\ forall k, `|k| <= f l -> P l k.
  by apply: (@fin_all_exists _ (fun=> real) (fun l d => 0 < d /\ forall k, `|k| <= d -> P l k)) => l; have [d d0 hd] := h l; exists d.
have s0 : 0 <= \sum_l (f l)^-1 by apply: sumr_ge0 => l _; rewrite invr_ge0 ltW //; case: (hf l).
have t0 : 0 < 1 + \sum_l (f l)^-1 by rewrite ltr_spaddl ?ltr01.
exists (1 + \sum_l (f l)^-1)^-1; first by rewrite invr_gt0.
move=> l k hk; have [f0 hl] := hf l; apply: hl; apply: le_trans hk _.
rewrite -[f l]invrK lef_pinv ?posrE ?invr_gt0 //; apply: le_trans (_ : \sum_l (f l)^-1 <= _); last by rewrite ler_addr ler01.
by rewrite (bigD1 l) //= ler_addl sumr_ge0 // => i _; rewrite invr_ge0 ltW //; case: (hf i).
Qed.

(* F(x)_l = g_l((M x)_l) *)
Lemma layer_derivative n (M : 'M[real]_n) (g g' : 'I_n -> real -> real) x :
  (forall l z, derivable_pt_lim (g l) z (g' l z)) ->
  is_derivative (fun y => \col_l g l ((M *m y) l 0)) x (fun h => \col_l (g' l ((M *m x) l 0) * (M *m h) l 0)).
Proof.
move=> hg; split.
  move=> a u v; apply/matrixP => i j; rewrite ord1 mulmxDr -scalemxAr.
  by move: (M *m x) (M *m u) (M *m v) => t U V; rewrite !mxE mulrDr [in RHS]mulrCA.
move=> eps eps0; pose K := 1 + \sum_l \sum_j `|M l j|.
have K1 : 1 <= K by rewrite ler_addl sumr_ge0 // => l _; rewrite sumr_ge0.
have K0 : 0 < K := lt_le_trans ltr01 K1.
have [|d d0 hd] := @common_delta n (fun l k => `|g l ((M *m x) l 0 + k) - g l ((M *m x) l 0) - g' l ((M *m x) l 0) * k| <= eps / K * `|k|).
  by move=> l; apply: derivable_le (hg l _) _ _; rewrite divr_gt0.
exists (d / K); split; first by rewrite divr_gt0.
move=> h r hr rd l; have r0 : 0 <= r := le_trans (normr_ge0 _) (hr l).
have Mh : `|(M *m h) l 0| <= K * r.
  rewrite mxE; apply: le_trans (ler_norm_sum _ _ _) _; apply: le_trans (_ : (\sum_j `|M l j|) * r <= _).
    by rewrite mulr_suml; apply: ler_sum => j _; rewrite normrM ler_wpmul2l.
  rewrite ler_wpmul2r //; apply: le_trans (_ : \sum_l \sum_j `|M l j| <= _); last by rewrite ler_addr ler01.
  by rewrite [X in _ <= X](bigD1 l) //= ler_addl sumr_ge0 // => i _; rewrite sumr_ge0.
have Md : `|(M *m h) l 0| <= d.
  by apply: le_trans Mh _; rewrite mulrC -ler_pdivl_mulr.
have := hd l _ Md; set b := (M *m h) l 0 in Mh *.
have -> : ((\col_l0 g l0 ((M *m (x + h)) l0 0) - \col_l0 g l0 ((M *m x) l0 0)) - \col_l0 (g' l0 ((M *m x) l0 0) * (M *m h) l0 0)) l 0
   = g l ((M *m x) l 0 + b) - g l ((M *m x) l 0) - g' l ((M *m x) l 0) * b.
  by rewrite mulmxDr /b; move: (M *m x) (M *m h) => t U; rewrite !mxE.
move=> /le_trans; apply; apply: le_trans (_ : eps / K * (K * r) <= _); last by rewrite mulrA divfK ?gt_eqF.
by rewrite ler_wpmul2l // divr_ge0 ?ltW.
Qed.
