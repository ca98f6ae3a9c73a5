(* The theorem: if [check] answers true, the claims hold. *)
From Coq Require Import Reals ZArith QArith Qreals List Lra.
From Bignums Require Import BigZ.
From mathcomp Require Import all_ssreflect all_algebra ssrZ complex Rstruct ring.
From Proofgen Require Import Inertia Dominance TheoremA Isolation TheoremB Lyapunov Statement Checker Integers Sound Spectrum Derivatives Activations Network.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Delimit Scope Z_scope with Z.
Delimit Scope bigZ_scope with bigZ.
Local Open Scope ring_scope.
Local Open Scope complex_scope.


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

Lemma oppC (x : real) : (- x)%:C = - x%:C :> CC. Proof. by rewrite rmorphN. Qed.
Lemma mulC (x y : real) : (x * y)%:C = x%:C * y%:C :> CC. Proof. by rewrite rmorphM. Qed.

Lemma encloses_CC en x : encloses en x -> enclosesC en (x%:C : CC).
Proof. by move=> /andP [h1 h2]; rewrite /enclosesC -!Q2R_C !lecR. Qed.

(* ---------------------------------------------------------------- multiples of a matrix *)
Lemma char_poly_scale n (A : 'M[CC]_n) (c : CC) s : c != 0 -> char_poly A = \prod_(z <- s) ('X - z%:P) ->
  char_poly (c *: A) = \prod_(z <- map (fun z => c * z) s) ('X - z%:P).
Proof.
move=> c0 hA; have cc : (c%:P : {poly CC}) * (c^-1)%:P = 1 by rewrite -polyCM divff.
have E : char_poly (c *: A) = (c%:P) ^+ n * (char_poly A \Po ((c^-1)%:P * 'X)).
  rewrite /char_poly -det_map_mx -detZ; congr (\det _); apply/matrixP => i j.
  rewrite !mxE /= comp_polyB comp_polyC mulrBr -polyCM; case: (i == j); rewrite ?mulr1n ?mulr0n ?sub0r.
    by rewrite comp_polyX mulrA cc mul1r.
  by rewrite comp_poly0 mulr0 sub0r.
have sz : n = size s by have := size_char_poly A; rewrite hA size_prod_XsubC => -[].
rewrite E hA rmorph_prod big_map {1}sz; elim: s {sz hA E} => [|z s IH]; first by rewrite !big_nil expr0 mul1r.
rewrite !big_cons exprS mulrACA -IH; congr (_ * _).
by rewrite /= comp_polyB comp_polyX comp_polyC mulrBr mulrA cc mul1r polyCM.
Qed.

Lemma on_axis_scale n (M : 'M[real]_n) c : 0 < c -> on_axis (c *: M) <-> on_axis M.
Proof.
move=> c0; have cn : c%:C != 0 :> CC by rewrite gt_eqF // ltcR.
have AE : toC (c *: M) = c%:C *: toC M :> 'M[CC]_n by apply/matrixP => i j; rewrite !mxE rmorphM.
have cE t : c%:C * Complex 0 t = Complex 0 (c * t) :> CC.
  by apply/eqP; rewrite eq_complex /= !mulr0 !mul0r subrr addr0 !eqxx.
rewrite /on_axis AE; split=> -[t /eigenvalueP [v hv v0]].
  exists (c^-1 * t); apply/eigenvalueP; exists v => //; apply: (scalerI cn).
  by rewrite scalerA cE mulVKf ?gt_eqF // -hv scalemxAr.
by exists (c * t); apply/eigenvalueP; exists v => //; rewrite -cE -scalerA -hv scalemxAr.
Qed.

(* ---------------------------------------------------------------- from the spectrum of W to the claims *)
Section Claims.
Variables (a : activation) (n : nat) (W : 'M[real]_n) (rs : seq CC).
Let Wc : 'M[CC]_n := toC W.
Hypothesis cW : char_poly Wc = \prod_(z <- rs) ('X - z%:P).
Variables (s1 s2 s3 : real -> real) (kappa : real).
Hypotheses (js : jets (sigma a) s1 s2 s3) (s00 : sigma a 0 = 0) (s10 : 0 < s1 0).
Hypothesis hcube : 3%:R * (s2 0 * s2 0) - s3 0 * s1 0 = 2%:R * (s1 0 * s1 0) * kappa * (Activations.curve a).1.
Hypothesis hsquare : s2 0 * s2 0 = 2%:R * (s1 0 * s1 0) * kappa * (Activations.curve a).2.
Let sl : real := s1 0.

Lemma shiftC (gamma : real) : toC (W + gamma%:M) = Wc - (- gamma%:C)%:M :> 'M[CC]_n.
Proof. by apply/matrixP => i j; rewrite !mxE rmorphD rmorphMn mulNrn opprK. Qed.

Lemma eigenvalues_shift gamma : eigenvalues (W + gamma%:M) (map (fun z : CC => z - - gamma%:C) rs).
Proof. by rewrite /eigenvalues shiftC; apply: char_poly_shift. Qed.

Lemma eigenvalue_shift gamma (z : CC) : eigenvalue (toC (W + gamma%:M) : 'M[CC]_n) (z + gamma%:C) = (z \in rs).
Proof.
rewrite eigenvalue_root_char (eigenvalues_shift gamma) root_prod_XsubC -[X in z + X]opprK.
by rewrite (mem_map (f := fun z : CC => z - - gamma%:C)) // => x y /addIr.
Qed.

Lemma rect (z : CC) : z + (- complex.Re z)%:C = Complex 0 (complex.Im z).
Proof. by case: z => x y; apply/eqP; rewrite eq_complex /= subrr addr0 !eqxx. Qed.

Lemma axis_spectrum gamma : on_axis (W + gamma%:M) <-> exists2 z, z \in rs & gamma = - complex.Re z.
Proof.
split=> [[w]|[z zrs ->]].
  rewrite -[Complex 0 w](subrK gamma%:C) eigenvalue_shift => h; exists (Complex 0 w - gamma%:C) => //.
  by rewrite raddfB /= oppr0 add0r opprK.
exists (complex.Im z); rewrite -(eigenvalue_shift (- complex.Re z)) in zrs.
by rewrite -rect.
Qed.

Lemma Re_shift (z : CC) c : complex.Re (z - - c%:C) = complex.Re z + c.
Proof. by rewrite opprK raddfD. Qed.
Lemma lt_Re (x y : CC) : (complex.Re x < complex.Re y) = ('Re x < 'Re y).
Proof. by rewrite -!complexRe ltcR. Qed.

Section Point.
Variables (pt : point) (mu : CC).
Hypothesis hp : point_spectrum Wc rs a sl%:C kappa%:C pt mu.
Let gamma := - complex.Re mu.
Let nu := complex.Im mu.
Let om := sl * nu.
Let gE : gamma%:C = - 'Re mu. Proof. by rewrite /gamma oppC complexRe. Qed.
Let oE : nu%:C = 'Im mu. Proof. exact: complexIm. Qed.
Let nu0 : 0 < nu.
Proof. by have [_ m _ _ _] := hp; rewrite -ltcR oE. Qed.
Let muE : mu - - gamma%:C = Complex 0 nu.
Proof. by rewrite opprK rect. Qed.
Let muE' : mu^*%C - - gamma%:C = Complex 0 (- nu).
Proof. by rewrite opprK /gamma /nu; case: (mu) => x y; apply/eqP; rewrite eq_complex /= subrr addr0 !eqxx. Qed.

Lemma point_gamma : encloses (parameter pt) gamma.
Proof. by have [_ _ _ [h _ _] _] := hp; apply: encloses_C; rewrite gE. Qed.
Lemma point_omega : encloses (frequency pt) om.
Proof. by have [_ _ _ [_ h _] _] := hp; apply: encloses_C; rewrite mulC oE. Qed.
Lemma point_slope : encloses (speed pt) sl.
Proof. by have [_ _ _ [_ _ h] _] := hp; apply: encloses_C. Qed.

Let scaled (z : CC) : CC := sl%:C * (z - - gamma%:C).
Let sl0 : sl%:C != 0 :> CC. Proof. by rewrite gt_eqF // ltcR. Qed.
Let scaled_inj : injective scaled. Proof. by move=> x y /(mulfI sl0) /addIr. Qed.
Let slE t : sl%:C * Complex 0 t = Complex 0 (sl * t) :> CC.
Proof. by apply/eqP; rewrite eq_complex /= !mulr0 !mul0r subrr addr0 !eqxx. Qed.

Lemma point_pair : crosses_in_pair (sl *: (W + gamma%:M)) om (unstable_eigenvalues pt) (stable_eigenvalues pt).
Proof.
have [m1 m2 [m3 m4] _ [m5 m6 m7 _]] := hp; split; first by rewrite mulr_gt0.
have Re_scaled z : complex.Re (scaled z) = sl * (complex.Re z + gamma) by rewrite /scaled -Re_shift; case: (z - _) => x y /=; rewrite mul0r subr0.
exists (map scaled rs); split.
- rewrite /eigenvalues; have -> : toC (sl *: (W + gamma%:M)) = sl%:C *: toC (W + gamma%:M) :> 'M[CC]_n by apply/matrixP => i j; rewrite !mxE rmorphM.
  by rewrite (char_poly_scale sl0 (eigenvalues_shift gamma)) -map_comp.
- have e1 : Complex 0 om = scaled mu by rewrite /scaled muE slE.
  have e2 : Complex 0 (- om) = scaled mu^*%C by rewrite /scaled muE' slE mulrN.
  by split; rewrite ?e1 ?e2 count_map; [rewrite -m3|rewrite -m4]; apply: eq_count => z /=; exact: (inj_eq scaled_inj).
- rewrite -m5 count_map; apply: eq_count => z /=.
  by rewrite -lt_Re Re_scaled pmulr_rgt0 // /gamma subr_gt0.
- rewrite -m6 count_map; apply: eq_count => z /=.
  by rewrite -lt_Re Re_scaled pmulr_rlt0 // /gamma subr_lt0.
move=> _ /mapP [z zrs ->]; rewrite Re_scaled => /eqP; rewrite mulf_eq0 (gt_eqF s10) /= /gamma subr_eq0 => /eqP e.
have [|->|->] := m7 z zrs; first by rewrite -!complexRe e.
  by left; rewrite /scaled muE slE.
by right; rewrite /scaled muE' slE mulrN.
Qed.

Lemma resolvent_unit : ((2%:R * 'i * 'Im mu + 'Re mu)%:M - Wc : 'M[CC]_n) \in unitmx.
Proof. by have [m1 m2 _ _ [_ _ m7 _]] := hp; exact: resolvent_invertible cW m2 m7. Qed.

(* near gamma the matrix W + g I is invertible: -g is none of the finitely many eigenvalues of W *)
Lemma near_invertible : exists2 delta, 0 < delta & forall g, `|g - gamma| < delta -> W + g%:M \in unitmx.
Proof.
have [_ m2 _ _ [_ _ m7 _]] := hp.
have away z : z \in rs -> exists2 d, 0 < d & forall g : real, `|g - gamma| < d -> z <> (- g)%:C.
  move=> zrs; have [e|ne] := eqVneq (complex.Re z) (complex.Re mu); last first.
    exists `|complex.Re z - complex.Re mu|; first by rewrite normr_gt0 subr_eq0.
    move=> g hg zE; move: hg; rewrite zE /gamma /= opprK -opprD normrN ltxx //.
  exists 1; first exact: ltr01.
  move=> g _ zE; have im0 : complex.Im z = 0 by rewrite zE.
  have [|zm|zm] := m7 z zrs; first by rewrite -!complexRe e.
    by move: m2; rewrite -zm -complexIm im0 ltxx.
  by move: m2; rewrite -[mu]conjCK -zm Im_conj -complexIm im0 oppr0 ltxx.
have [delta d0 hd] : exists2 d, 0 < d & forall g, `|g - gamma| < d -> forall z, z \in rs -> z <> (- g)%:C.
  elim: (rs) away => [|z l IH] away; first by exists 1; [exact: ltr01|].
  have [|d1 d10 h1] := away z; first by rewrite inE eqxx.
  have [|d2 d20 h2] := IH; first by move=> z' z'l; apply: away; rewrite inE z'l orbT.
  exists (Num.min d1 d2); first by rewrite lt_minr d10.
  by move=> g; rewrite lt_minr => /andP [g1 g2] z'; rewrite inE => /orP [/eqP ->|]; [apply: h1|apply: h2].
exists delta => // g hg; rewrite unitmxE unitfE; apply/negP => /eqP /eqP /det0P [v v0 vW].
have : eigenvalue (toC (W + g%:M) : 'M[CC]_n) ((- g%:C) + g%:C).
  rewrite addNr; apply/eigenvalueP; exists (toC v); last first.
    apply: contra_neq v0 => h; apply/matrixP => i j; have /matrixP /(_ i j) := h.
    by rewrite !mxE => /complexI.
  by rewrite scale0r /toC -map_mxM vW; apply/matrixP => i j; rewrite !mxE.
by rewrite eigenvalue_shift => /(hd g hg); rewrite oppC.
Qed.

Section Equilibrium.
Variables (b x : 'cV[real]_n).
Hypothesis hx : on_branch W b gamma x.

Lemma point_speed : crossing_speed (field a W b) gamma x om sl.
Proof.
have [m1 _ _ _ _] := hp; have [delta d0 unit] := near_invertible.
have ug : W + gamma%:M \in unitmx by apply: unit; rewrite subrr normr0.
exists delta, (fun g => - (invmx (W + g%:M) *m b)), (fun g => sl *: (W + g%:M)), (fun g => sl%:C * (mu + g%:C)); split=> //.
- split=> // g /unit u; have e : (W + g%:M) *m - (invmx (W + g%:M) *m b) + b = 0 by rewrite mulmxN mulKVmx // addNr.
  split; [exact: field0 s00 e|exact: jacobian0 js e|].
  have -> : toC (sl *: (W + g%:M)) = sl%:C *: toC (W + g%:M) :> 'M[CC]_n by apply/matrixP => i j; rewrite !mxE rmorphM.
  have : eigenvalue (toC (W + g%:M) : 'M[CC]_n) (mu + g%:C) by rewrite eigenvalue_shift.
  by move=> /eigenvalueP [v hv v0]; apply/eigenvalueP; exists v => //; rewrite -scalemxAr hv scalerA.
- by move/eqP: hx; rewrite addr_eq0 => /eqP e; rewrite -[x](mulKmx ug) e mulmxN.
- by rewrite -slE -muE opprK.
- have h := derivable_pt_lim_plus (fun=> sl * complex.Re mu) (fun g => sl * g) gamma _ _ (derivable_pt_lim_const _ gamma)
    (derivable_pt_lim_scal id sl gamma _ (derivable_pt_lim_id gamma)).
  rewrite Rplus_0_l Rmult_1_r in h; move=> eps e0; have [d hd] := h eps e0; exists d => y y0 yd.
  have E g : complex.Re (sl%:C * (mu + g%:C)) = sl * complex.Re mu + sl * g.
    by case: (mu) => t t' /=; rewrite mul0r subr0 mulrDr.
  by rewrite !E; exact: hd.
exists 0 => eps e0; exists (mkposreal 1 Rlt_0_1) => y y0 _.
have E g : complex.Im (sl%:C * (mu + g%:C)) = sl * complex.Im mu by case: (mu) => t t' /=; rewrite mul0r !addr0.
by rewrite !E /Rminus Rplus_opp_r /Rdiv Rmult_0_l Rplus_0_l Ropp_0 Rabs_R0.
Qed.
End Equilibrium.

Lemma normal_W (q p : 'cV[CC]_n) : normalised_eigenvectors (sl *: (W + gamma%:M)) om q p <->
  [/\ Wc *m q = mu *: q, ct p *m Wc = mu *: ct p, (ct q *m q) 0 0 = 1 & (ct p *m q) 0 0 = 1].
Proof.
have WE : Wc = toC (W + gamma%:M) + (- gamma%:C)%:M by rewrite shiftC subrK.
have mE : mu = Complex 0 nu + - gamma%:C by rewrite -muE subrK.
have oE' : Complex 0 nu = mu + gamma%:C by rewrite -muE opprK.
have AE : toC (sl *: (W + gamma%:M)) = sl%:C *: toC (W + gamma%:M) :> 'M[CC]_n by apply/matrixP => i j; rewrite !mxE rmorphM.
have pE : (Statement.bar p)^T = ct p by [].
rewrite /normalised_eigenvectors !inner_mul pE AE -slE -!scalerA -scalemxAl -scalemxAr.
split=> [[/(scalerI sl0) h1 /(scalerI sl0) h2' h3' h4]|[h1 h2' h3' h4]]; split=> //.
- by rewrite WE mulmxDl h1 mul_scalar_mx -scalerDl -mE.
- by rewrite WE mulmxDr h2' mul_mx_scalar -scalerDl -mE.
- by congr (_ *: _); rewrite shiftC mulmxBl h1 mul_scalar_mx -scalerBl opprK -oE'.
- by congr (_ *: _); rewrite shiftC mulmxBr h2' mul_mx_scalar -scalerBl opprK -oE'.
Qed.

Let zeta_shift : (2%:R * 'i * nu%:C)%:M - toC (W + gamma%:M) = (2%:R * 'i * 'Im mu + 'Re mu)%:M - Wc :> 'M[CC]_n.
Proof. by rewrite shiftC oE gE opprK opprB [in RHS]raddfD addrA. Qed.

Lemma point_Hopf : exists omega d l1, [/\ encloses (frequency pt) omega, encloses (speed pt) d, encloses (first_lyapunov_coefficient pt) l1
  & forall b, (exists x, on_branch W b gamma x) /\ forall x, on_branch W b gamma x ->
    nondegenerate_Hopf_point (field a W b) gamma x omega d l1 (unstable_eigenvalues pt) (stable_eigenvalues pt)].
Proof.
have [_ m2 _ _ [_ _ m7 [S [[q [p qp]] hS enc nz]]]] := hp.
have valE : kappa%:C * ('Im mu ^+ 2 * 'Im S) = (kappa * (nu ^+ 2 * complex.Im S))%:C.
  by rewrite -oE -complexIm -rmorphX -!rmorphM.
exists om, sl, (kappa * (nu ^+ 2 * complex.Im S)); split; [exact: point_omega|exact: point_slope| |].
  by apply: encloses_C; rewrite -valE.
have [delta d0 unit] := near_invertible; have ug : W + gamma%:M \in unitmx by apply: unit; rewrite subrr normr0.
move=> b; split; first by exists (- (invmx (W + gamma%:M) *m b)); rewrite /on_branch mulmxN mulKVmx ?addNr.
move=> x hx; split; first exact: field0 s00 hx.
exists (sl *: (W + gamma%:M)), (second s2 W gamma b x), (third s3 W gamma b x); split; first exact: network_derivatives js hx.
split; first exact: point_pair.
- by split; [exact: point_speed|apply/eqP; rewrite gt_eqF].
split; last first.
  by move=> h; move: nz; rewrite valE h eqxx.
split; first by exists q, p; apply/normal_W.
move=> q' p' np; have /normal_W [n1 n2 n3 n4] := np.
have uM : (toC (W + gamma%:M) : 'M[CC]_n) \in unitmx by rewrite map_unitmx.
have uR : ((2%:R * 'i * nu%:C)%:M - toC (W + gamma%:M) : 'M[CC]_n) \in unitmx.
  by rewrite zeta_shift; exact: resolvent_unit.
have := lyapunov_closed hx s10 nu0 hcube hsquare uM uR np; rewrite zeta_shift.
have -> : Tsum ((Activations.curve a).1)%:C ((Activations.curve a).2)%:C nu%:C (invmx ((2%:R * 'i * 'Im mu + 'Re mu)%:M - Wc)) q' (ct p') = S.
  have c3 : (3%:R : real)%:C = 3%:R :> CC by rewrite rmorph_nat.
  rewrite -(hS q' p' n1 n2 n3 n4) oE /resolvent /Activations.curve /Spectrum.curve.
  case: (curved a) => //; rewrite [((3%R, _).1)%:C]c3 //.
by rewrite oE valE => /complexI.
Qed.
End Point.

Lemma crossing_zero en nu : crossing_spectrum rs en nu -> encloses en (- complex.Re nu) /\ crosses_at_zero (W + (- complex.Re nu)%:M).
Proof.
move=> [m1 m2 m3 m4 m5]; have nE : (complex.Re nu)%:C = nu by apply: RRe_real.
split; first by apply: encloses_C; rewrite oppC nE.
have inj : injective (fun z : CC => z - - (- complex.Re nu)%:C) by move=> x y /addIr.
have zE : nu - - (- complex.Re nu)%:C = 0 by rewrite oppC opprK nE subrr.
exists (map (fun z : CC => z - - (- complex.Re nu)%:C) rs); split; first exact: eigenvalues_shift.
  by rewrite -zE count_map -m3; apply: eq_count => z /=; exact: (inj_eq inj).
move=> _ /mapP [z zrs ->]; rewrite Re_shift => /eqP; rewrite subr_eq0 => /eqP e.
by rewrite (m5 z zrs) // -complexRe e.
Qed.
End Claims.

(* ---------------------------------------------------------------- lists *)
Lemma Qlt_real p q : Q_lt p q -> Q2R p < Q2R q.
Proof.
move=> /(phi_lt CC); rewrite !phiM -ltcR !Q2R_C => h.
by rewrite ltr_pdivr_mulr ?denom_gt0 // mulrAC ltr_pdivl_mulr ?denom_gt0.
Qed.

Lemma increasing_sorted es gs : increasing es -> Forall2 encloses es gs -> sorted (fun g g' : real => g < g') gs.
Proof.
move=> + h; elim: h => // e g es' gs' eg h IH inc /=.
case: h IH inc => // e' g' es2 gs2 eg' _ IH /andP [lt /IH h'] /=; rewrite /= in h'; rewrite h' andbT.
by have /andP [_ h1] := eg; have /andP [h2 _] := eg'; apply: le_lt_trans h1 (lt_le_trans (Qlt_real lt) h2).
Qed.

Lemma Forall2_map_r (A B D : Type) (R : A -> D -> Prop) (f : B -> D) s t : Forall2 (fun x y => R x (f y)) s t -> Forall2 R s (map f t).
Proof. by elim=> //= *; constructor. Qed.
Lemma Forall2_impl (A B : Type) (R R' : A -> B -> Prop) s t : (forall x y, R x y -> R' x y) -> Forall2 R s t -> Forall2 R' s t.
Proof. by move=> h; elim=> // *; constructor => //; apply: h. Qed.
Lemma Forall2_map_l (A B D : Type) (R : D -> B -> Prop) (f : A -> D) s t : Forall2 (fun x y => R (f x) y) s t -> Forall2 R (map f s) t.
Proof. by elim=> //= *; constructor. Qed.
Lemma Forall2_in (A : Type) (B : eqType) (R : A -> B -> Prop) s t y : Forall2 R s t -> y \in t -> exists x, R x y.
Proof. by elim=> // x z s' t' h _ IH; rewrite inE => /orP [/eqP ->|/IH //]; exists x. Qed.

(* ---------------------------------------------------------------- the theorems *)
Lemma toC_real n (W : 'M[real]_n) : map_mx conjC (toC W : 'M[CC]_n) = toC W.
Proof. by apply/matrixP => i j; rewrite !mxE; exact: conjc_real. Qed.

Lemma conditions_claims a n ts points crossings w pairs reals T absN r s g rho normN AX AY nu_ c ymax (W : 'M[real]_n) :
  small_motion ts w (toC W : 'M[CC]_n) T ->
  conditions a n ts points crossings w pairs reals T absN r s g rho normN AX AY nu_ c ymax (compute n ts w) ->
  claims_hold a W points crossings.
Proof.
have [s1 [s2 [s3 [js s00 /RltP s10 sl_in [kappa [kap_in h3 h2]]]]]] := activation_at_0 a.
have sl_inC : enclosesC (slope a) ((s1 0)%:C : CC) by apply: encloses_CC; apply/andP; split; apply/RleP; case: sl_in.
have kap_inC : enclosesC (strength a) (kappa%:C : CC) by apply: encloses_CC; apply/andP; split; apply/RleP; case: kap_in.
have s1c : 0 < ((s1 0)%:C : CC) by rewrite ltcR.
move=> hT /(conditions_spectrum s1c sl_inC kap_inC (toC_real W) hT) [D0 hf /andP [inc1 inc2]] [rs [mus [nus [cW hp hc cov]]]].
have h1 := Forall2_impl (fun pt mu => @point_gamma a n W rs s1 kappa pt mu) hp.
have h2' := Forall2_impl (fun en nu h => (crossing_zero cW h).1) hc.
exists (map (fun z : CC => - complex.Re z) mus), (map (fun z : CC => - complex.Re z) nus); split.
- split; first by apply: increasing_sorted inc1 _; apply/Forall2_map_l/Forall2_map_r.
  by apply: increasing_sorted inc2 _; apply/Forall2_map_r.
- apply/Forall2_map_r; apply: Forall2_impl hp => pt mu h; split; first exact: point_gamma h.
  have hcube : 3%:R * (s2 0 * s2 0) - s3 0 * s1 0 = 2%:R * (s1 0 * s1 0) * kappa * (Activations.curve a).1 by exact: h3.
  have hsquare : s2 0 * s2 0 = 2%:R * (s1 0 * s1 0) * kappa * (Activations.curve a).2 by exact: h2.
  exact: (point_Hopf cW js s00 s10 hcube hsquare h).
- by apply/Forall2_map_r; apply: Forall2_impl hc => en nu; apply: crossing_zero.
move=> b gamma x J hx hJ.
rewrite (derivative_unique hJ (jacobian0 js hx)) (on_axis_scale _ s10) (axis_spectrum cW); split.
  move=> [z zrs ->]; have [zm|zm|zn] := cov z zrs.
  - by left; apply/mapP; exists z.
  - left; apply/mapP; exists z^*%C => //; by case: (z).
  - by right; apply/mapP; exists z.
move=> [] /mapP [z zm ->]; exists z => //.
  by have [pt [m1 _ _ _ _]] := Forall2_in hp zm.
by have [en [m1 _ _ _ _]] := Forall2_in hc zm.
Qed.

Theorem check_correct a n ts points crossings w pairs reals : check a n ts points crossings w pairs reals ->
  claims_hold a (weights n ts) points crossings.
Proof.
move=> h; have /and5P [/and5P [_ _ _ _ /and3P [E0 D0 hf]] _ _ _ _] := h.
apply: conditions_claims h; apply: no_motion => //; exact: weights_C.
Qed.

Theorem check_box_correct a n ts Delta points crossings w pairs reals : check_box a n ts Delta points crossings w pairs reals ->
  forall W : 'M[real]_n, in_box (weights n ts) Delta W -> claims_hold a W points crossings.
Proof.
move=> /and3P [hb hT h] W hW; have /and5P [/and5P [_ _ _ _ /and3P [E0 D0 hf]] _ _ /and5P [hX hY _ _ _] _] := h.
have /andP [den0 _] := hb; apply: conditions_claims h => i j.
have {}hW : forall i j, `|(toC W - Wmat CC n ts w : 'M[CC]_n) i j| <= phi CC (array_entry Delta i j) / phi CC (BigZ.of_Z (denominator Delta)).
  move=> {}i {}j; rewrite -(weights_C n D0 hf) /array_entry !phi_ofZ !ofZ_IZR.
  have c0 : IZR (denominator Delta) != 0.
    by move: (phi_gt0 CC den0); rewrite phi_ofZ ofZ_IZR => /gt_eqF; apply: contraFneq => ->; rewrite rmorph0.
  have -> : (toC W - toC (weights n ts) : 'M[CC]_n) i j = (W i j - weights n ts i j)%:C.
    by rewrite mxE [(- _ : 'M__) _ _]mxE ![toC _ _ _]mxE rmorphB.
  have := hW i j; rewrite mxE -fmorphV -rmorphM real_ler_norml ?num_real // => /andP [h1 h2].
  by rewrite real_ler_norml ?complex_real // -oppC !lecR h1.
have /orP [h1|h1] := allbP (allbP hT i) j.
  by apply: le_trans (box_motion E0 D0 hb hX hY hW i j) _; apply: phi_le_div h1; rewrite mulr_gt0 ?phi_gt0.
have motion := box_motion_parts E0 D0 (toC_real W) hb hW h1; exact motion.
Qed.
