(* The activations at 0: their first three derivatives everywhere, and their values at 0; bounds of pi. *)
From Coq Require Import Reals Lra Lia Machin ZArith QArith Qreals.
From mathcomp Require Import all_ssreflect all_algebra complex Rstruct.
From Proofgen Require Import Statement Derivatives Checker.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Delimit Scope R_scope with coqR. Delimit Scope Q_scope with Q. Delimit Scope Z_scope with Z.
Local Open Scope R_scope.

(* ---------------------------------------------------------------- erf *)
Definition gauss (t : R) : R := exp (- (t * t)).
Lemma gauss_lim x : derivable_pt_lim gauss x (- (2 * x) * gauss x).
Proof.
have h1 : derivable_pt_lim (fun t => - (t * t)) x (- (1 * x + x * 1)).
  by apply: derivable_pt_lim_opp; apply: (derivable_pt_lim_mult id id); apply: derivable_pt_lim_id.
have := derivable_pt_lim_comp _ exp x _ _ h1 (derivable_pt_lim_exp _).
by have -> : exp (- (x * x)) * - (1 * x + x * 1) = - (2 * x) * gauss x by rewrite /gauss; ring.
Qed.
Lemma gauss_continuous x : continuity_pt gauss x.
Proof. by apply: derivable_continuous_pt; exists (- (2 * x) * gauss x); apply: gauss_lim. Qed.

(* a function that agrees with another near x *)
Lemma derivable_near (f g : R -> R) x l d : 0 < d -> (forall y, x - d <= y <= x + d -> f y = g y) ->
  derivable_pt_lim f x l -> derivable_pt_lim g x l.
Proof.
move=> d0 fg h eps e0; have [a ha] := h eps e0; have m0 : 0 < Rmin a d by apply: Rmin_pos => //; case: (a).
exists (mkposreal _ m0) => y y0 /= yd; have h1 := Rmin_l a d; have h2 := Rmin_r a d.
have [b1 b2] := Rabs_def2 _ _ yd.
rewrite -!fg; [|lra|lra]; apply: ha => //; exact: Rlt_le_trans yd h1.
Qed.

Lemma integral_lim x : derivable_pt_lim (fun y => RiemannInt (gauss_integrable y)) x (gauss x).
Proof.
pose N := Rabs x + 1; have N1 : 1 <= N by rewrite /N; have := Rabs_pos x; lra.
have NN : - N <= N by lra.
have [xl xu] : - N + 1 <= x /\ x <= N - 1 by rewrite /N; split; have := Rle_abs x; have := Rle_abs (- x); rewrite Rabs_Ropp; lra.
have C0 t : - N <= t <= N -> continuity_pt gauss t by move=> _; apply: gauss_continuous.
pose c := RiemannInt (gauss_integrable (- N)).
have D : derivable_pt_lim (fun y => c + primitive NN (FTC_P1 NN C0) y) x (0 + gauss x).
  apply: (derivable_pt_lim_plus (fun=> c)); first exact: derivable_pt_lim_const.
  by apply: RiemannInt_P28; lra.
rewrite Rplus_0_l in D; apply: derivable_near D; first exact: Rlt_0_1.
move=> y [y1 y2]; rewrite /primitive; case: (Rle_dec (- N) y) => h1; last by case: h1; lra.
case: (Rle_dec y N) => h2; last by case: h2; lra.
exact: RiemannInt_P26.
Qed.

Definition erf1 x := 2 / sqrt PI * gauss x.
Lemma erf_lim x : derivable_pt_lim erf x (erf1 x).
Proof. exact: derivable_pt_lim_scal (integral_lim x). Qed.
Lemma erf_0 : erf 0 = 0.
Proof. by rewrite /erf RiemannInt_P9 Rmult_0_r. Qed.

Definition erf2 x := - (2 * x) * erf1 x.
Definition erf3 x := - (2 * 1) * erf1 x + - (2 * x) * erf2 x.
Lemma erf1_lim x : derivable_pt_lim erf1 x (erf2 x).
Proof.
have -> : erf2 x = 2 / sqrt PI * (- (2 * x) * gauss x) by rewrite /erf2 /erf1; ring.
exact: derivable_pt_lim_scal (gauss_lim x).
Qed.
Lemma lin_lim x : derivable_pt_lim (fun x => - (2 * x)) x (- (2 * 1)).
Proof. exact/derivable_pt_lim_opp/(derivable_pt_lim_scal id)/derivable_pt_lim_id. Qed.
Lemma jets_erf : jets erf erf1 erf2 erf3.
Proof.
split=> x; [exact: erf_lim|exact: erf1_lim|].
by apply: (derivable_pt_lim_mult (fun x => - (2 * x)) erf1); [apply: lin_lim|apply: erf1_lim].
Qed.

(* ---------------------------------------------------------------- x L(x): silu and gelu *)
Lemma jets_times (s s1 s2 s3 : R -> R) : jets s s1 s2 s3 ->
  jets (fun x => x * s x) (fun x => s x + x * s1 x) (fun x => 2 * s1 x + x * s2 x) (fun x => 3 * s2 x + x * s3 x).
Proof.
move=> [h1 h2 h3].
have m (f f' : R -> R) : (forall x, derivable_pt_lim f x (f' x)) -> forall x, derivable_pt_lim (fun x => x * f x) x (1 * f x + x * f' x).
  by move=> hf x; apply: (derivable_pt_lim_mult id f) => //; apply: derivable_pt_lim_id.
split=> x.
- by have := m _ _ h1 x; rewrite Rmult_1_l.
- have -> : 2 * s1 x + x * s2 x = s1 x + (1 * s1 x + x * s2 x) by ring.
  by apply: derivable_pt_lim_plus => //; apply: m.
have -> : 3 * s2 x + x * s3 x = 2 * s2 x + (1 * s2 x + x * s3 x) by ring.
by apply: derivable_pt_lim_plus; [apply: derivable_pt_lim_scal|apply: m].
Qed.
Lemma jets_ext (f g s1 s2 s3 : R -> R) : (forall x, f x = g x) -> jets f s1 s2 s3 -> jets g s1 s2 s3.
Proof. by move=> fg [h1 h2 h3]; split=> // x; apply: (derivable_near (f := f) Rlt_0_1) => // y _; apply: fg. Qed.

Definition lg x := / (1 + exp (- x)).
Definition lg1 x := lg x * (1 - lg x).
Definition lg2 x := lg1 x * (1 - 2 * lg x).
Definition lg3 x := lg2 x * (1 - 2 * lg x) + lg1 x * - (2 * lg1 x).
Lemma jets_lg : jets lg lg1 lg2 lg3.
Proof.
have p x : 1 + exp (- x) <> 0 by have := exp_pos (- x); lra.
have e x : derivable_pt_lim (fun x => 1 + exp (- x)) x (- exp (- x)).
  have -> : - exp (- x) = 0 + exp (- x) * - 1 by ring.
  apply: (derivable_pt_lim_plus (fun=> 1)); first exact: derivable_pt_lim_const.
  by apply: (derivable_pt_lim_comp (fun x => - x)); [apply/derivable_pt_lim_opp/derivable_pt_lim_id|apply: derivable_pt_lim_exp].
have h1 x : derivable_pt_lim lg x (lg1 x).
  have -> : lg1 x = (0 * (1 + exp (- x)) - - exp (- x) * 1) / Rsqr (1 + exp (- x)).
    by rewrite /lg1 /lg /Rsqr; field; exact: p.
  apply: (derivable_near (f := fun x => 1 / (1 + exp (- x))) Rlt_0_1); first by move=> y _; rewrite /lg /Rdiv Rmult_1_l.
  by apply: (derivable_pt_lim_div (fun=> 1)) => //; apply: derivable_pt_lim_const.
have g x : derivable_pt_lim (fun x => 1 - 2 * lg x) x (- (2 * lg1 x)).
  have -> : - (2 * lg1 x) = 0 - 2 * lg1 x by ring.
  apply: (derivable_pt_lim_minus (fun=> 1)); first exact: derivable_pt_lim_const.
  exact: derivable_pt_lim_scal.
have h2 x : derivable_pt_lim lg1 x (lg2 x).
  have -> : lg2 x = lg1 x * (1 - lg x) + lg x * (0 - lg1 x) by rewrite /lg2; ring.
  apply: (derivable_pt_lim_mult lg (fun x => 1 - lg x)) => //.
  by apply: (derivable_pt_lim_minus (fun=> 1)) => //; apply: derivable_pt_lim_const.
by split=> // x; apply: (derivable_pt_lim_mult lg1).
Qed.
Lemma jets_silu : jets silu (fun x => lg x + x * lg1 x) (fun x => 2 * lg1 x + x * lg2 x) (fun x => 3 * lg2 x + x * lg3 x).
Proof. exact: jets_ext (jets_times jets_lg). Qed.

Definition cdf x := (1 + erf (x / sqrt 2)) / 2.
Definition cdf1 x := erf1 (x / sqrt 2) / sqrt 2 / 2.
Definition cdf2 x := erf2 (x / sqrt 2) / sqrt 2 / sqrt 2 / 2.
Definition cdf3 x := erf3 (x / sqrt 2) / sqrt 2 / sqrt 2 / sqrt 2 / 2.
Lemma scaled_lim (f f' : R -> R) : (forall x, derivable_pt_lim f x (f' x)) -> forall c x,
  derivable_pt_lim (fun x => f (x / c)) x (f' (x / c) / c).
Proof.
move=> hf c x; apply: (derivable_pt_lim_comp (fun x => x / c)) => //.
have -> : / c = 1 * (/ c) + x * 0 by ring.
by apply: (derivable_pt_lim_mult id); [apply: derivable_pt_lim_id|apply: derivable_pt_lim_const].
Qed.
Lemma over_lim (f : R -> R) x l c : derivable_pt_lim f x l -> derivable_pt_lim (fun x => f x / c) x (l / c).
Proof.
move=> h; have -> : l / c = l * / c + f x * 0 by rewrite /Rdiv; ring.
by apply: derivable_pt_lim_mult => //; apply: derivable_pt_lim_const.
Qed.
Lemma jets_cdf : jets cdf cdf1 cdf2 cdf3.
Proof.
have [h1 h2 h3] := jets_erf; split=> x.
- apply: over_lim; rewrite -[erf1 _ / _]Rplus_0_l; apply: (derivable_pt_lim_plus (fun=> 1)); first exact: derivable_pt_lim_const.
  exact: scaled_lim.
- by apply: over_lim; apply: over_lim; apply: scaled_lim.
by do 3 apply: over_lim; apply: scaled_lim.
Qed.
Lemma jets_gelu : jets gelu (fun x => cdf x + x * cdf1 x) (fun x => 2 * cdf1 x + x * cdf2 x) (fun x => 3 * cdf2 x + x * cdf3 x).
Proof. by apply: jets_ext (jets_times jets_cdf) => x; rewrite /cdf /gelu /Rdiv Rmult_assoc. Qed.

(* ---------------------------------------------------------------- pi *)
(* the terms of pi/4 = 2 arctan 1/3 + arctan 1/7, and their alternating sums *)
Definition pi_term (n : nat) : Q :=
  let m := Z.of_nat (2 * n + 1)%coq_nat in (2 / inject_Z (3 ^ m * m) + 1 / inject_Z (7 ^ m * m))%Q.
Fixpoint pi_sum (N : nat) : Q :=
  match N with O => pi_term 0 | S N' => Qred (pi_sum N' + (if Nat.odd N then Qopp (pi_term N) else pi_term N)) end.

Lemma Q2R_Z z : Q2R (inject_Z z) = IZR z.
Proof. by rewrite /Q2R /= Rinv_1 Rmult_1_r. Qed.
Lemma pi_termE n : Q2R (pi_term n) = PI_2_3_7_tg n.
Proof.
rewrite /pi_term /PI_2_3_7_tg /Ratan.Ratan_seq; set m := (2 * n + 1)%coq_nat.
have m0 : 0 < INR m by apply: lt_0_INR; rewrite /m; lia.
have p z : (0 < z)%Z -> IZR z <> 0 /\ 0 < IZR (z ^ Z.of_nat m * Z.of_nat m).
  move=> z0; have h : 0 < IZR z by apply: IZR_lt.
  split; first lra.
  by rewrite mult_IZR -pow_IZR -INR_IZR_INZ; apply: Rmult_lt_0_compat => //; apply: pow_lt.
have q z (a : Z) : (0 < z)%Z -> Q2R (inject_Z a / inject_Z (z ^ Z.of_nat m * Z.of_nat m)) = IZR a * ((/ IZR z) ^ m / INR m).
  move=> z0; have [h1 h2] := p z z0; rewrite Q2R_div.
    rewrite !Q2R_Z mult_IZR -pow_IZR -INR_IZR_INZ pow_inv; field; have h3 : INR m <> 0 by apply: Rgt_not_eq.
    by split=> //; apply: pow_nonzero.
  by move=> h; have := Qeq_eqR _ _ h; rewrite Q2R_Z RMicromega.Q2R_0 => e; move: h2; rewrite e; exact: Rlt_irrefl.
have -> : 2%Q = inject_Z 2 by []; have -> : 1%Q = inject_Z 1 by [].
by rewrite Q2R_plus !q // Rmult_1_l.
Qed.

Lemma pi_sumE N : Q2R (pi_sum N) = sum_f_R0 (tg_alt PI_2_3_7_tg) N.
Proof.
elim: N => [|N IH]; first by rewrite /= pi_termE /tg_alt /= Rmult_1_l.
have -> : pi_sum N.+1 = Qred (pi_sum N + (if Nat.odd N.+1 then Qopp (pi_term N.+1) else pi_term N.+1)) by [].
rewrite (Qeq_eqR _ _ (Qred_correct _)) Q2R_plus IH tech5; congr (_ + _); rewrite /tg_alt.
case o : (Nat.odd N.+1).
  have [k ->] := proj1 (Nat.odd_spec _) o; rewrite Q2R_opp pi_termE pow_add pow_1 pow_1_even; ring.
have [k ->] : Nat.Even N.+1 by apply/Nat.even_spec; rewrite -Nat.negb_odd o.
by rewrite pi_termE pow_1_even Rmult_1_l.
Qed.

Lemma PI_between N : 4 * Q2R (pi_sum (S (2 * N)%coq_nat)) <= PI <= 4 * Q2R (pi_sum (2 * N)%coq_nat).
Proof. rewrite !pi_sumE; have := PI_2_3_7_ineq N; lra. Qed.

Lemma Qle_R (a b : Q) : Qle_bool a b -> Q2R a <= Q2R b.
Proof. by move=> h; apply/Qle_Rle/Qle_bool_iff. Qed.
Lemma Q2R_4 : Q2R 4 = 4. Proof. by rewrite /Q2R /= Rinv_1 Rmult_1_r. Qed.

Lemma four_over_pi_between : Q2R (lower four_over_pi) <= 4 / PI <= Q2R (upper four_over_pi).
Proof.
have [h1 h2] := PI_between 40; have p0 := PI_RGT_0.
have i : 4 / PI * PI = 4 by field; lra.
have a1 : Q2R (lower four_over_pi) * (4 * Q2R (pi_sum (2 * 40)%coq_nat)) <= 4.
  by rewrite -{1}Q2R_4 -!Q2R_mult -Q2R_4; apply: Qle_R; vm_compute.
have a2 : 4 <= Q2R (upper four_over_pi) * (4 * Q2R (pi_sum (S (2 * 40)%coq_nat))).
  by rewrite -[X in _ * (X * _)]Q2R_4 -!Q2R_mult -[X in X <= _]Q2R_4; apply: Qle_R; vm_compute.
have b1 : 0 < Q2R (lower four_over_pi) by rewrite -RMicromega.Q2R_0; apply: Qlt_Rlt; vm_compute.
have b2 : 0 < Q2R (upper four_over_pi) by rewrite -RMicromega.Q2R_0; apply: Qlt_Rlt; vm_compute.
split; apply: (Rmult_le_reg_r PI) => //; rewrite i.
  by apply: Rle_trans a1; apply: Rmult_le_compat_l => //; apply: Rlt_le.
by apply: Rle_trans a2 _; apply: Rmult_le_compat_l => //; apply: Rlt_le.
Qed.

Lemma two_over_root_pi_square : (2 / sqrt PI) * (2 / sqrt PI) = 4 / PI.
Proof.
have p0 := PI_RGT_0; have s0 : sqrt PI <> 0 by apply/Rgt_not_eq/sqrt_lt_R0.
have -> : 4 / PI = 4 / (sqrt PI * sqrt PI) by rewrite sqrt_sqrt //; lra.
by field.
Qed.
Lemma root_pi_gt0 : 0 < 2 / sqrt PI.
Proof. by apply: Rdiv_lt_0_compat; [lra|apply/sqrt_lt_R0/PI_RGT_0]. Qed.

Lemma two_over_root_pi_between : Q2R (lower two_over_root_pi) <= 2 / sqrt PI <= Q2R (upper two_over_root_pi).
Proof.
have [h1 h2] := four_over_pi_between; have s := two_over_root_pi_square; have s0 := root_pi_gt0.
have a1 : Q2R (lower two_over_root_pi) * Q2R (lower two_over_root_pi) <= Q2R (lower four_over_pi) by rewrite -Q2R_mult; apply: Qle_R; vm_compute.
have a2 : Q2R (upper four_over_pi) <= Q2R (upper two_over_root_pi) * Q2R (upper two_over_root_pi) by rewrite -Q2R_mult; apply: Qle_R; vm_compute.
have b2 : 0 < Q2R (upper two_over_root_pi) by rewrite -RMicromega.Q2R_0; apply: Qlt_Rlt; vm_compute.
split; apply: Rsqr_incr_0_var; rewrite /Rsqr; lra.
Qed.

(* ---------------------------------------------------------------- the values at 0 *)
Lemma tanh_0 : tanh 0 = 0.
Proof. by rewrite /tanh sinh_0; field; rewrite cosh_0; lra. Qed.

Definition curve (a : activation) : R * R := if curved a then (3, 1) else (1, 0).
Lemma activation_at_0 a : exists s1 s2 s3, [/\ jets (sigma a) s1 s2 s3, sigma a 0 = 0, 0 < s1 0,
  Q2R (lower (slope a)) <= s1 0 <= Q2R (upper (slope a))
  & exists kappa, [/\ Q2R (lower (strength a)) <= kappa <= Q2R (upper (strength a)),
      3 * (s2 0 * s2 0) - s3 0 * s1 0 = 2 * (s1 0 * s1 0) * kappa * (curve a).1
    & s2 0 * s2 0 = 2 * (s1 0 * s1 0) * kappa * (curve a).2]].
Proof.
have one : Q2R 1 = 1 by rewrite /Q2R /=; lra.
have half : Q2R (1 # 2) = 1 / 2 by rewrite /Q2R /=; lra.
have g0 : gauss 0 = 1 by rewrite /gauss Rmult_0_l Ropp_0 exp_0.
have e10 : erf1 0 = 2 / sqrt PI by rewrite /erf1 g0 Rmult_1_r.
have z0 : 0 / sqrt 2 = 0 by rewrite /Rdiv Rmult_0_l.
have lg0 : lg 0 = / 2 by rewrite /lg Ropp_0 exp_0; congr (/ _); lra.
case: a; rewrite /sigma /slope /strength /curve /= ?one ?half.
- have t1 : tanh1 0 = 1 by rewrite /tanh1 tanh_0; ring.
  have t2 : tanh2 0 = 0 by rewrite /tanh2 tanh_0; ring.
  have t3 : tanh3 0 = - 2 by rewrite /tanh3 t1 t2 tanh_0; ring.
  exists tanh1, tanh2, tanh3; rewrite t1 t2 t3; split; [exact: jets_tanh|exact: tanh_0|lra|lra|].
  by exists 1; split; lra.
- exists cos, (fun x => - sin x), (fun x => - cos x); rewrite sin_0 cos_0; split; [exact: jets_sin|by []|lra|lra|].
  by exists (1 / 2); split; lra.
- have a1 : atan1 0 = 1 by rewrite /atan1 Rmult_0_l Rplus_0_r Rinv_1.
  have a2 : Derivatives.atan2 0 = 0 by rewrite /Derivatives.atan2; ring.
  have a3 : atan3 0 = - 2 by rewrite /atan3 a1 a2; ring.
  exists atan1, Derivatives.atan2, atan3; rewrite a1 a2 a3; split; [exact: jets_atan|exact: atan_0|lra|lra|].
  by exists 1; split; lra.
- have e2 : erf2 0 = 0 by rewrite /erf2; ring.
  have e3 : erf3 0 = - 2 * erf1 0 by rewrite /erf3 e2; ring.
  exists erf1, erf2, erf3; rewrite e2 e3 e10; split; [exact: jets_erf|exact: erf_0|exact: root_pi_gt0|exact: two_over_root_pi_between|].
  by exists 1; split; [lra|ring|ring].
- have l1 : lg1 0 = / 4 by rewrite /lg1 lg0; field.
  have l2 : lg2 0 = 0 by rewrite /lg2 lg0; field.
  exists (fun x => lg x + x * lg1 x), (fun x => 2 * lg1 x + x * lg2 x), (fun x => 3 * lg2 x + x * lg3 x).
  rewrite l1 l2 lg0; split; [exact: jets_silu|by rewrite /silu /Rdiv Rmult_0_l|lra|lra|].
  by exists (1 / 2); split; [lra|field|field].
have c0 : cdf 0 = / 2 by rewrite /cdf z0 erf_0; field.
have c1 : 2 * cdf1 0 * (2 * cdf1 0) = 2 / PI.
  have s2 : sqrt 2 <> 0 by apply/Rgt_not_eq/sqrt_lt_R0; lra.
  rewrite /cdf1 z0 e10; have -> : 2 / PI = 4 / PI / (sqrt 2 * sqrt 2) by rewrite sqrt_sqrt; [field; have := PI_RGT_0; lra|lra].
  rewrite -two_over_root_pi_square; field; split=> //; apply/Rgt_not_eq/sqrt_lt_R0/PI_RGT_0.
have c2 : cdf2 0 = 0 by rewrite /cdf2 z0 /erf2; rewrite /Rdiv !(Rmult_0_r, Rmult_0_l, Ropp_0).
exists (fun x => cdf x + x * cdf1 x), (fun x => 2 * cdf1 x + x * cdf2 x), (fun x => 3 * cdf2 x + x * cdf3 x).
rewrite c2 c0 !Rmult_0_l !Rmult_0_r !Rplus_0_r c1; split; [exact: jets_gelu|by rewrite /gelu /Rdiv !Rmult_0_l|lra|lra|].
exists (4 / PI); split; [exact: four_over_pi_between| |]; have := PI_RGT_0 => ?; field; lra.
Qed.
