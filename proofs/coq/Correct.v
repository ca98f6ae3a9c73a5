(* The theorem: if [check] answers true, the claims hold. *)
From Coq Require Import Reals ZArith QArith Qreals List Lra.
From Bignums Require Import BigZ.
From mathcomp Require Import all_ssreflect all_algebra ssrZ complex Rstruct ring.
From Proofgen Require Import Inertia Dominance TheoremA Isolation TheoremB Lyapunov Statement Checker Integers Sound Spectrum Derivatives.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Delimit Scope Z_scope with Z.
Delimit Scope bigZ_scope with bigZ.
Local Open Scope ring_scope.
Local Open Scope complex_scope.

Notation CC := (complex_numClosedFieldType R_rcfType).

(* ---------------------------------------------------------------- rational numbers *)
Lemma INR_nat k : INR k = k%:R :> real.
Proof. by elim: k => // k IH; rewrite S_INR IH -addn1 natrD. Qed.

Lemma ofZ_IZR z : ofZ CC z = (IZR z)%:C.
Proof.
have pos p : ofZ CC (Zpos p) = (IZR (Zpos p))%:C.
  by rewrite -positive_nat_Z -INR_IZR_INZ INR_nat rmorph_nat /ofZ /= SuccNat2Pos.id_succ || rewrite -[IZR _]/(IPR p) -INR_IPR INR_nat rmorph_nat.
case: z => [|p|p]; [by []|exact: pos|].
by rewrite -[Zneg p]/(- Zpos p)%Z ofZN pos opp_IZR -rmorphN.
Qed.

Lemma Q2R_C q : (Q2R q)%:C = phi CC (numer q) / phi CC (denom q).
Proof.
rewrite /numer /denom !phi_ofZ !ofZ_IZR -fmorphV -rmorphM; congr (_%:C).
by rewrite /Q2R RmultE RinvE //; apply/eqP; apply: IZR_neq.
Qed.

Lemma encloses_C en x : enclosesC en (x%:C : CC) -> encloses en x.
Proof. by rewrite /enclosesC -!Q2R_C => -[h1 h2]; apply/andP; rewrite -!lecR. Qed.

(* ---------------------------------------------------------------- the weights *)
Lemma weights_C n ts w : (0 <? D w)%bigZ -> all (factor_ok (D w)) ts -> toC (weights n ts) = Wmat CC n ts w.
Proof.
move=> D0 hf; apply/matrixP => i j; rewrite !mxE summxE rmorph_sum /=.
have d0 : phi CC (D w) != 0 by rewrite gt_eqF // phi_gt0.
elim: ts hf => [_|t ts IH /= /andP [/andP [t0 /phi_eq ft] /IH e]]; first by rewrite big_nil /= phi0 mul0r.
rewrite big_cons /= phiD mulrDl e; congr (_ + _).
have dt0 : phi CC (divisor t) != 0 by rewrite gt_eqF // phi_gt0.
have zE z (dd : Z) : IZR dd != 0 -> (IZR z / IZR dd)%:C = phi CC (BigZ.of_Z z) / phi CC (BigZ.of_Z dd).
  by move=> ?; rewrite !phi_ofZ !ofZ_IZR -fmorphV -rmorphM.
have /andP [b0 c0] : (phi CC (denom (coefficient t)) != 0) && (phi CC (BigZ.of_Z (denominator (matrix t))) != 0).
  by move: dt0; rewrite phiM mulf_eq0 negb_or.
have c0' : IZR (denominator (matrix t)) != 0.
  by apply: contra_neq c0 => h; rewrite phi_ofZ ofZ_IZR h.
move: (ft CC); rewrite /divisor !phiM => {}ft; rewrite /term_entry ?phiM.
have fE z : (Q2R (coefficient t) * (IZR z / IZR (denominator (matrix t))))%:C = phi CC (factor (D w) t) * phi CC (BigZ.of_Z z) / phi CC (D w).
  rewrite rmorphM /= Q2R_C zE //.
  move: ft; move: (phi CC (factor _ _)) (phi CC (denom _)) (phi CC (BigZ.of_Z (denominator _))) (phi CC (numer _)) (phi CC (D w)) (phi CC (BigZ.of_Z z)) d0 b0 c0.
  move=> f b c a d' y d0 b0 c0 ft; have -> : f = a * d' / (b * c) by rewrite -ft mulfK // mulf_neq0.
  by field; rewrite d0 b0 c0.
by rewrite /term_value mxE; case: (transposed t); rewrite !mxE fE.
Qed.
