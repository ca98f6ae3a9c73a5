(* The derivatives of x' = sigma((W + gamma I) x): Frechet derivatives of all orders needed, and those of tanh, sin and arctan. *)
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
- have -> : atan1 x = 1 / (1 + Rsqr x) by rewrite /atan1 /Rsqr /Rdiv Rmult_1_l.
  have := derivable_pt_lim_atan x; by [].
- exact: h1.
have -> : atan3 x = - (2 * 1) * (atan1 x * atan1 x) + - (2 * x) * (atan2 x * atan1 x + atan1 x * atan2 x) by rewrite /atan3; ring.
apply: (derivable_pt_lim_mult (fun x => - (2 * x)) (fun x => atan1 x * atan1 x)); last by apply: derivable_pt_lim_mult.
exact/derivable_pt_lim_opp/(derivable_pt_lim_scal id)/derivable_pt_lim_id.
Qed.
