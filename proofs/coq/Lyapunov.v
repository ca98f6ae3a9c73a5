(* The first Lyapunov coefficient over an algebraically closed field with conjugation: the general n-dimensional formula; for a layer
   the closed form l1 = kappa nu^2 Im T, T = c S - 2 i e nu G, S = sum a_l q_l |q_l|^2, G = sum a_l conj(q_l) h_l with a = p^H and
   (2 i nu I - M) h = q^2; and how far Im T and q^H q move when the entries of q, a and h do. *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Proofgen Require Import Inertia Dominance TheoremA TheoremB.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section Lyapunov.
Variable C : numClosedFieldType.
Local Notation "A ^*t" := (ct A) (at level 2, format "A ^*t").

(* ---------------------------------------------------------------- the general formula *)
Section Formula.
Variables (n : nat) (A : 'M[C]_n) (B : 'cV[C]_n -> 'cV[C]_n -> 'cV[C]_n)
  (T : 'cV[C]_n -> 'cV[C]_n -> 'cV[C]_n -> 'cV[C]_n).
Definition bar (v : 'cV[C]_n) : 'cV[C]_n := map_mx conjC v.
Definition l1 (om : C) (q p : 'cV[C]_n) : C :=
  'Re ((p^*t *m T q q (bar q)) 0 0
       - 2%:R * (p^*t *m B q (invmx A *m B q (bar q))) 0 0
       + (p^*t *m B (bar q) (invmx ((2%:R * 'i * om)%:M - A) *m B q q)) 0 0) / (2%:R * om).
Definition normal_pair om (q p : 'cV[C]_n) := [/\ A *m q = ('i * om) *: q, p^*t *m A = ('i * om) *: p^*t,
  (q^*t *m q) 0 0 = 1 & (p^*t *m q) 0 0 = 1].
End Formula.

(* jets of f(x) = sigma(M x) at 0, sigma with the derivatives s1, s2, s3 *)
Section Layer.
Variables (n : nat) (M : 'M[C]_n) (s1 s2 s3 : C).
Definition layer2 (u v : 'cV[C]_n) : 'cV[C]_n := \col_l (s2 * ((M *m u) l 0 * (M *m v) l 0)).
Definition layer3 (u v w : 'cV[C]_n) : 'cV[C]_n := \col_l (s3 * ((M *m u) l 0 * (M *m v) l 0 * (M *m w) l 0)).
Definition squares (q : 'cV[C]_n) : 'cV[C]_n := \col_l (q l 0 * q l 0).
Definition Ssum (q : 'cV[C]_n) (a : 'rV[C]_n) : C := \sum_l a 0 l * (q l 0 * `|q l 0| ^+ 2).
Definition Gsum (R : 'M[C]_n) (q : 'cV[C]_n) (a : 'rV[C]_n) : C := \sum_l a 0 l * ((q l 0)^* * (R *m squares q) l 0).
Definition Tsum (c e nu : C) (R : 'M[C]_n) (q : 'cV[C]_n) (a : 'rV[C]_n) : C := c * Ssum q a - e * (2%:R * 'i * nu) * Gsum R q a.

Lemma l1_layer nu kappa c e (q p : 'cV[C]_n) : map_mx conjC M = M -> s1 \is Num.real -> s1 != 0 -> kappa \is Num.real -> 0 < nu ->
  3%:R * (s2 * s2) - s3 * s1 = 2%:R * (s1 * s1) * kappa * c -> s2 * s2 = 2%:R * (s1 * s1) * kappa * e ->
  M \in unitmx -> (2%:R * 'i * nu)%:M - M \in unitmx -> M *m q = ('i * nu) *: q ->
  l1 (s1 *: M) layer2 layer3 (s1 * nu) q p = kappa * (nu ^+ 2 * 'Im (Tsum c e nu (invmx ((2%:R * 'i * nu)%:M - M)) q p^*t)).
Proof.
move=> Mr s1r s10 kr nu0 h3 h2 uM uR Mq; have nur : nu \is Num.real by rewrite ger0_real // ltW.
set z := 2%:R * 'i * nu; set R := invmx (z%:M - M).
have Mqb : M *m bar q = (- 'i * nu) *: bar q.
  rewrite /bar -{1}Mr -map_mxM Mq; apply/matrixP => i j.
  by rewrite !mxE !rmorphM conjCi (CrealP nur).
have iA : invmx (s1 *: M) = s1^-1 *: invmx M by apply: invmxZ; rewrite unitmxZ // unitfE.
have iR : invmx ((2%:R * 'i * (s1 * nu))%:M - s1 *: M) = s1^-1 *: R.
  have -> : (2%:R * 'i * (s1 * nu))%:M - s1 *: M = s1 *: (z%:M - M).
    by rewrite scalerBr scale_scalar_mx /z; congr (_%:M - _); ring.
  by apply: invmxZ; rewrite unitmxZ // unitfE.
have i2 : 'i * 'i = -1 :> C by rewrite -expr2 sqrCi.
have qq l : `|q l 0| ^+ 2 = q l 0 * (q l 0)^* by rewrite normCK.
have MR v : M *m (R *m v) = z *: (R *m v) - v.
  have -> : M = z%:M - (z%:M - M) by rewrite subKr.
  by rewrite mulmxBl mul_scalar_mx; congr (_ - _); rewrite /R mulKVmx.
have B1 : layer2 q (bar q) = (s2 * nu ^+ 2) *: \col_l (q l 0 * (q l 0)^*).
  apply/matrixP => l j; rewrite !ord1 mxE Mq Mqb !mxE.
  rewrite -[RHS]mul1r -[X in _ = X * _]opprK -[X in _ = - X * _]i2.
  by move: (q l 0) ((q l 0)^*) => x y; ring.
have B2 : layer2 q q = (- (s2 * nu ^+ 2)) *: squares q.
  by apply/matrixP => l j; rewrite !ord1 mxE Mq !mxE -[s2 * nu ^+ 2]mul1r -mulNr -i2; move: (q l 0) => x; ring.
rewrite /l1; have -> : (p^*t *m layer3 q q (bar q)) 0 0 = \sum_l p^*t 0 l * ('i * s3 * nu ^+ 3 * (q l 0 * `|q l 0| ^+ 2)).
  rewrite mxE; apply: eq_bigr => l _; congr (_ * _); rewrite mxE Mq Mqb /bar !mxE qq.
  rewrite -[RHS]mul1r -[X in _ = X * _]opprK -[X in _ = - X * _]i2.
  by move: (q l 0) ((q l 0)^*) => x y; ring.
have -> : (p^*t *m layer2 q (invmx (s1 *: M) *m layer2 q (bar q))) 0 0 = \sum_l p^*t 0 l * ('i * (s2 * s2 / s1) * nu ^+ 3 * (q l 0 * `|q l 0| ^+ 2)).
  rewrite mxE; apply: eq_bigr => l _; congr (_ * _); rewrite B1 iA -scalemxAl mxE Mq -[M *m (_ *: _)]scalemxAr mulKVmx //.
  by rewrite !mxE qq; move: (q l 0) ((q l 0)^*) => x y; field.
have -> : (p^*t *m layer2 (bar q) (invmx ((2%:R * 'i * (s1 * nu))%:M - s1 *: M) *m layer2 q q)) 0 0 =
    \sum_l p^*t 0 l * ('i * (s2 * s2 / s1) * nu ^+ 3 * (z * ((q l 0)^* * (R *m squares q) l 0) - q l 0 * `|q l 0| ^+ 2)).
  rewrite mxE; apply: eq_bigr => l _; congr (_ * _); rewrite B2 iR -scalemxAl -scalemxAr mxE Mqb -[M *m (_ *: _)]scalemxAr -[M *m (_ *: _)]scalemxAr MR.
  move: (R *m squares q) => Rq; rewrite !mxE qq; move: (Rq l 0) (q l 0) ((q l 0)^*) => t x y.
  by field.
have -> : \sum_l p^*t 0 l * ('i * s3 * nu ^+ 3 * (q l 0 * `|q l 0| ^+ 2)) -
    2%:R * (\sum_l p^*t 0 l * ('i * (s2 * s2 / s1) * nu ^+ 3 * (q l 0 * `|q l 0| ^+ 2))) +
    \sum_l p^*t 0 l * ('i * (s2 * s2 / s1) * nu ^+ 3 * (z * ((q l 0)^* * (R *m squares q) l 0) - q l 0 * `|q l 0| ^+ 2)) =
    'i * (- (2%:R * nu ^+ 3 * s1 * kappa) * Tsum c e nu R q p^*t).
  have -> : - (2%:R * nu ^+ 3 * s1 * kappa) * Tsum c e nu R q p^*t =
      - (nu ^+ 3 / s1) * (2%:R * (s1 * s1) * kappa * c * Ssum q p^*t - 2%:R * (s1 * s1) * kappa * e * z * Gsum R q p^*t).
    by rewrite /Tsum -/z; field.
  rewrite -h3 -h2 /Ssum /Gsum !mulr_sumr -sumrB -sumrB -big_split /= mulr_sumr mulr_sumr; apply: eq_bigr => l _.
  move: (p^*t 0 l) (q l 0) ((q l 0)^*) (`|q l 0| ^+ 2) ((R *m squares q) l 0) => y x xc xx t.
  by field.
have xr : - (2%:R * nu ^+ 3 * s1 * kappa) \is Num.real by rewrite rpredN !rpredM ?rpredX ?realn.
rewrite ReMil ImMl //.
by move: (gt_eqF nu0) => /negbT n0; field; rewrite n0 s10.
Qed.
End Layer.

(* eigenvectors of any length *)
Lemma Tsum_scale n c e nu (R : 'M[C]_n) (q q0 : 'cV[C]_n) (r r0 : 'rV[C]_n) a b : q0 = a *: q -> r0 = b *: r ->
  (q0^*t *m q0) 0 0 = 1 -> (r0 *m q0) 0 0 = 1 -> Tsum c e nu R q0 r0 = Tsum c e nu R q r / (r *m q) 0 0 / (q^*t *m q) 0 0.
Proof.
move=> -> -> hq hp.
have Q : (q^*t *m q) 0 0 * `|a| ^+ 2 = 1.
  rewrite -hq ctZ -scalemxAl -scalemxAr normCK; move: (q^*t *m q) (a^*) => X a'; rewrite !mxE; move: (X 0 0) => x {hq hp}; ring.
have P : (r *m q) 0 0 * (b * a) = 1.
  rewrite -hp -scalemxAl -scalemxAr; move: (r *m q) => X; rewrite !mxE; move: (X 0 0) => x {hq hp}; ring.
have nq : (q^*t *m q) 0 0 != 0 by apply: contraTneq isT => h; move: Q; rewrite h mul0r => /esym/eqP; rewrite oner_eq0.
have np : (r *m q) 0 0 != 0 by apply: contraTneq isT => h; move: P; rewrite h mul0r => /esym/eqP; rewrite oner_eq0.
have SE : Ssum (a *: q) (b *: r) = (b * a) * `|a| ^+ 2 * Ssum q r.
  rewrite /Ssum mulr_sumr; apply: eq_bigr => l _; rewrite !mxE normrM exprMn.
  by move: (r 0 l) (q l 0) `|a| `|q l 0| {hq hp Q P} => p' q' a' q''; ring.
have GE : Gsum R (a *: q) (b *: r) = (b * a) * `|a| ^+ 2 * Gsum R q r.
  rewrite /Gsum; have -> : squares (a *: q) = (a * a) *: squares q.
    by apply/matrixP => l j; rewrite !mxE; move: (q l 0) => x {hq hp Q P}; ring.
  rewrite mulr_sumr -scalemxAr; apply: eq_bigr => l _; move: (R *m _) => t; rewrite !mxE rmorphM normCK.
  by move: (r 0 l) ((q l 0)^*) (a^*) (t l 0) {hq hp Q P} => p' q' a' t'; ring.
have -> : Tsum c e nu R (a *: q) (b *: r) = (b * a) * `|a| ^+ 2 * Tsum c e nu R q r.
  by rewrite /Tsum SE GE; move: (Ssum q r) (Gsum R q r) (`|a| ^+ 2) {hq hp Q P} => x y z; ring.
move: ((q^*t *m q) 0 0) ((r *m q) 0 0) Q P nq np => x y Q P x0 y0.
have -> : `|a| ^+ 2 = x^-1 by apply: (mulfI x0); rewrite Q divff.
have -> : b * a = y^-1 by apply: (mulfI y0); rewrite P divff.
by rewrite mulrC mulrA.
Qed.

(* ---------------------------------------------------------------- perturbation *)
Lemma norm_near (x x0 X e : C) : `|x - x0| <= e -> `|x0| <= X -> `|x| <= X + e.
Proof. by move=> h hX; rewrite -[x](subrK x0) addrC; apply: le_trans (ler_norm_add _ _) _; apply: ler_add. Qed.

Lemma Im_le (x : C) : `|'Im x| <= `|x|.
Proof.
have -> : 'Im x = - 'Re ('i * x) by rewrite ReMil opprK.
rewrite normrN; apply: le_trans (_ : `|'i * x| <= _); first by case: (leif_normC_Re_Creal ('i * x)).
by rewrite normrM normCi mul1r.
Qed.

(* one term of S; to first order its imaginary part moves by |2 a |q|^2 - conj(a q^2)| eq + |q|^3 ea *)
Lemma Sterm_near (q q0 a a0 Q A L eq ea : C) : `|q - q0| <= eq -> `|a - a0| <= ea -> `|q0| <= Q -> `|a0| <= A ->
  `|2%:R * a0 * (q0 * q0^*) - (a0 * q0 * q0)^*| <= L ->
  `|'Im (a * (q * `|q| ^+ 2)) - 'Im (a0 * (q0 * `|q0| ^+ 2))| <=
  L * eq + (ea * (Q + eq) ^+ 3 + A * (3%:R * Q * eq ^+ 2 + eq ^+ 3)).
Proof.
move=> hq ha hQ hA hL; rewrite !normCK; set e := q - q0 in hq; set f := a - a0 in ha.
have e0 : 0 <= eq := le_trans (normr_ge0 _) hq; have f0 : 0 <= ea := le_trans (normr_ge0 _) ha.
have Q0 : 0 <= Q := le_trans (normr_ge0 _) hQ; have A0 : 0 <= A := le_trans (normr_ge0 _) hA.
have hqq : `|q| <= Q + eq := norm_near hq hQ.
pose F := a0 * (2%:R * q0 * q0^* * e + q0 * q0 * e^*).
pose G := f * (q * (q * q^*)) + a0 * (e * e * q0^* + 2%:R * q0 * e * e^* + e * e * e^*).
have E : a * (q * (q * q^*)) - a0 * (q0 * (q0 * q0^*)) = F + G.
  have eE : q = q0 + e by rewrite /e addrC subrK.
  have fE : a = a0 + f by rewrite /f addrC subrK.
  rewrite /G -/f {1}fE eE rmorphD /= /F; move: (q0^*) (e^*) => q0' e' {hq ha hqq}.
  clearbody e f; clear eE fE; ring.
rewrite -raddfB /= E raddfD /=; apply: le_trans (ler_norm_add _ _) _; apply: ler_add.
  have -> : 'Im F = 'Im ((2%:R * a0 * (q0 * q0^*) - (a0 * q0 * q0)^*) * e).
    have -> : F = 2%:R * a0 * (q0 * q0^*) * e + (a0 * q0 * q0) * e^*.
      by rewrite /F; move: (q0^*) (e^*) => q0' e' {hq ha hqq E}; ring.
    rewrite [LHS]raddfD /=.
    have -> : 'Im (a0 * q0 * q0 * e^*) = - 'Im ((a0 * q0 * q0)^* * e).
      by rewrite -Im_conj [in RHS]rmorphM !conjCK.
    by rewrite (mulrBl e (2%:R * a0 * (q0 * q0^*))) raddfB.
  by apply: le_trans (Im_le _) _; rewrite normrM ler_pmul.
apply: le_trans (Im_le _) _; apply: le_trans (ler_norm_add _ _) _; apply: ler_add; rewrite normrM ler_pmul //.
  have -> : `|q * (q * q^*)| = `|q| ^+ 3 by rewrite !normrM norm_conjC !exprS expr0 mulr1.
  by apply: ler_expn2r; rewrite ?nnegrE ?addr_ge0.
rewrite (_ : 3%:R * Q * eq ^+ 2 + eq ^+ 3 = eq * eq * Q + 2%:R * Q * eq * eq + eq * eq * eq); last by ring.
apply: le_trans (ler_norm_add _ _) _; apply: ler_add.
  apply: le_trans (ler_norm_add _ _) _; apply: ler_add; rewrite !normrM norm_conjC.
    by rewrite !ler_pmul ?mulr_ge0.
  by rewrite normr_nat -!mulrA ler_wpmul2l // !ler_pmul ?mulr_ge0.
by rewrite !normrM norm_conjC !ler_pmul ?mulr_ge0.
Qed.

Lemma Sterm_bound (q q0 a a0 Q A eq ea : C) : `|q - q0| <= eq -> `|a - a0| <= ea -> `|q0| <= Q -> `|a0| <= A ->
  `|a * (q * `|q| ^+ 2)| <= (A + ea) * (Q + eq) ^+ 3.
Proof.
move=> hq ha hQ hA; have h1 := norm_near hq hQ; have h2 := norm_near ha hA.
have -> : `|a * (q * `|q| ^+ 2)| = `|a| * `|q| ^+ 3 by rewrite expr2 !normrM !normr_id !exprS expr0 mulr1.
by apply: ler_pmul; rewrite ?exprn_ge0 // ler_expn2r ?nnegrE //; apply: le_trans h1.
Qed.

(* one term of G *)
Lemma Gterm_near (q q0 a a0 h h0 Q A H eq ea eh : C) : `|q - q0| <= eq -> `|a - a0| <= ea -> `|h - h0| <= eh ->
  `|q0| <= Q -> `|a0| <= A -> `|h0| <= H ->
  `|a * (q^* * h) - a0 * (q0^* * h0)| <= ea * (Q + eq) * (H + eh) + A * (eq * (H + eh) + Q * eh) /\
  `|a * (q^* * h)| <= (A + ea) * (Q + eq) * (H + eh).
Proof.
move=> hq ha hh hQ hA hH; have bq := norm_near hq hQ; have ba := norm_near ha hA; have bh := norm_near hh hH.
have A0 : 0 <= A := le_trans (normr_ge0 _) hA.
split; last first.
  rewrite mulrA !normrM norm_conjC; apply: ler_pmul => //; first by rewrite mulr_ge0.
  exact: ler_pmul.
have -> : a * (q^* * h) - a0 * (q0^* * h0) = (a - a0) * q^* * h + a0 * ((q - q0)^* * h + q0^* * (h - h0)).
  by rewrite rmorphB /=; move: (q^*) (q0^*) => x x0; ring.
apply: le_trans (ler_norm_add _ _) _; apply: ler_add; rewrite !normrM ?norm_conjC.
  by apply: ler_pmul => //; [rewrite mulr_ge0|apply: ler_pmul].
apply: ler_pmul => //; apply: le_trans (ler_norm_add _ _) _; apply: ler_add; rewrite normrM norm_conjC; exact: ler_pmul.
Qed.

Lemma square_near (q q0 Q eq : C) : `|q - q0| <= eq -> `|q0| <= Q ->
  `| `|q| ^+ 2 - `|q0| ^+ 2 | <= (2%:R * Q + eq) * eq.
Proof.
move=> hq hQ; have h := norm_near hq hQ.
have e0 : 0 <= eq := le_trans (normr_ge0 _) hq; have Q0 : 0 <= Q := le_trans (normr_ge0 _) hQ.
rewrite subr_sqr mulrC normrM ler_pmul //; last first.
  by apply: le_trans hq; apply: ler_dist_dist.
rewrite ger0_norm ?addr_ge0 // mulr_natl mulr2n [X in _ <= X]addrAC; exact: ler_add.
Qed.

(* a quotient by P, |P - 1| <= dd < 1 *)
Lemma quotient_near (T P Tmax dd : C) : `|T| <= Tmax -> `|P - 1| <= dd -> dd < 1 ->
  P != 0 /\ `|T / P - T| * (1 - dd) <= Tmax * dd.
Proof.
move=> hT hP d1; have nP : 1 - dd <= `|P|.
  rewrite ler_subl_addr -[X in X <= _](@normr1 C); apply: le_trans (_ : `|P| + `|P - 1| <= _); last by rewrite ler_add2l.
  by rewrite -[X in `|X| <= _](subKr P) ler_norm_sub.
have p0 : 0 < 1 - dd by rewrite subr_gt0.
have P0 : P != 0 by rewrite -normr_gt0 (lt_le_trans p0).
split=> //; have -> : T / P - T = T * ((1 - P) / P) by rewrite mulrA mulrBr mulr1 mulrBl mulfK.
rewrite normrM normrM normfV distrC -!mulrA; apply: ler_pmul => //.
  by rewrite mulr_ge0 // mulr_ge0 ?invr_ge0 // ltW.
apply: le_trans (_ : `|P - 1| <= _) => //; apply: ler_pimulr => //.
by rewrite mulrC ler_pdivr_mulr ?normr_gt0 // mul1r.
Qed.

(* all together *)
Section Sum.
Variables (n : nat) (q : 'cV[C]_n) (a : 'rV[C]_n) (q0 a0 Q A L eq ea : 'I_n -> C) (P dd r : C).
Hypothesis hq : forall l, `|q l 0 - q0 l| <= eq l.
Hypothesis ha : forall l, `|a 0 l - a0 l| <= ea l.
Hypothesis hQ : forall l, `|q0 l| <= Q l.
Hypothesis hA : forall l, `|a0 l| <= A l.
Hypothesis hL : forall l, `|2%:R * a0 l * (q0 l * (q0 l)^*) - (a0 l * q0 l * q0 l)^*| <= L l.
Hypotheses (hP : `|P - 1| <= dd) (hd : dd < 1).
Let errS := \sum_l (L l * eq l + (ea l * (Q l + eq l) ^+ 3 + A l * (3%:R * Q l * eq l ^+ 2 + eq l ^+ 3))).
Let maxS := \sum_l ((A l + ea l) * (Q l + eq l) ^+ 3).
Hypothesis hr : maxS * dd <= (r - errS) * (1 - dd).

Lemma S_near : `|'Im (Ssum q a / P) - \sum_l 'Im (a0 l * (q0 l * `|q0 l| ^+ 2))| <= r.
Proof.
have hT : `|Ssum q a| <= maxS.
  apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _; exact: Sterm_bound (hq l) (ha l) (hQ l) (hA l).
have hI : `|'Im (Ssum q a) - \sum_l 'Im (a0 l * (q0 l * `|q0 l| ^+ 2))| <= errS.
  rewrite /Ssum raddf_sum -sumrB; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _.
  exact: Sterm_near (hq l) (ha l) (hQ l) (hA l) (hL l).
have [P0 h] := quotient_near hT hP hd; have p1 : 0 < 1 - dd by rewrite subr_gt0.
have {h} h : `|Ssum q a / P - Ssum q a| <= r - errS by rewrite -(ler_pmul2r p1); apply: le_trans h hr.
rewrite -[X in `|X|](subrKA ('Im (Ssum q a))) -[r](subrK errS).
apply: le_trans (ler_norm_add _ _) _; apply: ler_add => //; rewrite -raddfB /=.
exact: le_trans (Im_le _) h.
Qed.

Lemma norm_near2 : `|\sum_l `|q l 0| ^+ 2 - \sum_l `|q0 l| ^+ 2| <= \sum_l (2%:R * Q l + eq l) * eq l.
Proof.
rewrite -sumrB; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _; exact: square_near (hq l) (hQ l).
Qed.

(* h = R q^2 *)
Section G.
Variables (R : 'M[C]_n) (h0 H eh : 'I_n -> C) (rG : C).
Hypothesis hh : forall l, `|(R *m squares q) l 0 - h0 l| <= eh l.
Hypothesis hH : forall l, `|h0 l| <= H l.
Let errG := \sum_l (ea l * (Q l + eq l) * (H l + eh l) + A l * (eq l * (H l + eh l) + Q l * eh l)).
Let maxG := \sum_l ((A l + ea l) * (Q l + eq l) * (H l + eh l)).
Hypothesis hrG : maxG * dd <= (rG - errG) * (1 - dd).

Lemma G_near : `|Gsum R q a / P - \sum_l a0 l * ((q0 l)^* * h0 l)| <= rG.
Proof.
have hT : `|Gsum R q a| <= maxG.
  apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _.
  by have [] := Gterm_near (hq l) (ha l) (hh l) (hQ l) (hA l) (hH l).
have hI : `|Gsum R q a - \sum_l a0 l * ((q0 l)^* * h0 l)| <= errG.
  rewrite /Gsum -sumrB; apply: le_trans (ler_norm_sum _ _ _) _; apply: ler_sum => l _.
  by have [] := Gterm_near (hq l) (ha l) (hh l) (hQ l) (hA l) (hH l).
have [P0 h] := quotient_near hT hP hd; have p1 : 0 < 1 - dd by rewrite subr_gt0.
have {h} h : `|Gsum R q a / P - Gsum R q a| <= rG - errG by rewrite -(ler_pmul2r p1); apply: le_trans h hrG.
rewrite -[X in `|X|](subrKA (Gsum R q a)) -[rG](subrK errG).
exact: le_trans (ler_norm_add _ _) (ler_add h hI).
Qed.
End G.
End Sum.

(* Im T, T = c S - 2 i e nu G, from S and G *)
Lemma T_near (c e nu nu0 S S0 G G0 rS rG g : C) : 0 <= c -> 0 <= e -> nu \is Num.real -> nu0 \is Num.real ->
  `|'Im S - S0| <= rS -> `|G - G0| <= rG -> `|nu - nu0| <= g ->
  `|'Im (c * S - e * (2%:R * 'i * nu) * G) - (c * S0 - e * (2%:R * (nu0 * 'Re G0)))| <=
  c * rS + e * (2%:R * ((`|nu0| + g) * rG + g * `|'Re G0|)).
Proof.
move=> c0 e0 nur nu0r hS hG hg.
have -> : 'Im (c * S - e * (2%:R * 'i * nu) * G) = c * 'Im S - e * (2%:R * (nu * 'Re G)).
  rewrite raddfB /= ImMl ?ger0_real //; congr (_ - _).
  have -> : e * (2%:R * 'i * nu) * G = 'i * (e * (2%:R * nu) * G) by ring.
  have xr : e * (2%:R * nu) \is Num.real by have er := ger0_real e0; rewrite !rpredM ?realn.
  by rewrite ImMil ReMl // -!mulrA.
have hR : `|'Re G - 'Re G0| <= rG.
  by rewrite -raddfB; apply: le_trans hG; case: (leif_normC_Re_Creal (G - G0)).
have -> : c * 'Im S - e * (2%:R * (nu * 'Re G)) - (c * S0 - e * (2%:R * (nu0 * 'Re G0))) =
    c * ('Im S - S0) - e * (2%:R * (nu * ('Re G - 'Re G0) + (nu - nu0) * 'Re G0)) by ring.
apply: le_trans (ler_norm_sub _ _) _; apply: ler_add; rewrite !normrM ?(ger0_norm c0) ?(ger0_norm e0).
  exact: ler_wpmul2l.
rewrite ler_wpmul2l // normr_nat ler_wpmul2l ?ler0n //; apply: le_trans (ler_norm_add _ _) _; apply: ler_add; rewrite normrM.
  by apply: ler_pmul => //; apply: norm_near hg _.
exact: ler_wpmul2r.
Qed.
End Lyapunov.
