(* The first Lyapunov coefficient over an algebraically closed field with conjugation: the general n-dimensional formula, the closed
   form l1 = - s3 om^2 / 2 Im S / q^H q, S = sum a_l q_l |q_l|^2 / (a q), a = p^H, for jets of a layer with s1 = 1, s2 = 0, and how far
   Im S and q^H q move when the entries of q and a do. *)
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

(* jets of f(x) = sigma(W x) at 0, sigma with the derivatives 1, 0, s3 *)
Section Layer.
Variables (n : nat) (W : 'M[C]_n) (s3 : C).
Definition layer2 (u v : 'cV[C]_n) : 'cV[C]_n := 0.
Definition layer3 (u v w : 'cV[C]_n) : 'cV[C]_n := \col_l (s3 * ((W *m u) l 0 * (W *m v) l 0 * (W *m w) l 0)).
Definition Ssum (q : 'cV[C]_n) (a : 'rV[C]_n) : C := \sum_l a 0 l * (q l 0 * `|q l 0| ^+ 2).

Lemma l1_odd om (q p : 'cV[C]_n) : map_mx conjC W = W -> s3 \is Num.real -> 0 < om -> normal_pair W om q p ->
  l1 W layer2 layer3 om q p = - (s3 * om ^+ 2 / 2%:R) * 'Im (Ssum q p^*t).
Proof.
move=> Wr s3r om0 [Wq _ _ _]; have omr : om \is Num.real by rewrite ger0_real // ltW.
have Wqb : W *m bar q = (- 'i * om) *: bar q.
  rewrite /bar -{1}Wr -map_mxM Wq; apply/matrixP => i j.
  by rewrite !mxE !rmorphM conjCi (CrealP omr).
have z00 : (0 : 'M[C]_1) 0 0 = 0 by rewrite mxE.
rewrite /l1 /layer2 !mulmx0 !z00 mulr0 subr0 addr0.
have -> : (p^*t *m layer3 q q (bar q)) 0 0 = 'i * (s3 * om ^+ 3 * Ssum q p^*t).
  have jTE l : layer3 q q (bar q) l 0 = s3 * (('i * om * q l 0) * ('i * om * q l 0) * (- 'i * om * (q l 0)^*)).
    by rewrite /layer3 mxE Wq Wqb /bar !mxE.
  rewrite mxE !mulr_sumr; apply: eq_bigr => l _; rewrite jTE !mxE normCK.
  have i2 : 'i * 'i = -1 :> C by rewrite -expr2 sqrCi.
  move: ((p l 0)^*) (q l 0) ((q l 0)^*) => b a a'.
  have -> : b * (s3 * ('i * om * a * ('i * om * a) * (- 'i * om * a'))) = - ('i * 'i) * ('i * (s3 * om ^+ 3 * (b * (a * (a * a'))))) by ring.
  by rewrite i2 opprK mul1r.
rewrite ReMil ImMl ?rpredM ?rpredX //; set S := 'Im _.
have o0 : om != 0 by rewrite gt_eqF.
by field; rewrite ?o0 ?pnatr_eq0.
Qed.
End Layer.

(* eigenvectors of any length *)
Lemma Ssum_scale n (q q0 : 'cV[C]_n) (r r0 : 'rV[C]_n) a b : q0 = a *: q -> r0 = b *: r ->
  (q0^*t *m q0) 0 0 = 1 -> (r0 *m q0) 0 0 = 1 -> Ssum q0 r0 = Ssum q r / (r *m q) 0 0 / (q^*t *m q) 0 0.
Proof.
move=> -> -> hq hp.
have Q : (q^*t *m q) 0 0 * `|a| ^+ 2 = 1.
  rewrite -hq ctZ -scalemxAl -scalemxAr normCK; move: (q^*t *m q) (a^*) => X a'; rewrite !mxE; move: (X 0 0) => x {hq hp}; ring.
have P : (r *m q) 0 0 * (b * a) = 1.
  rewrite -hp -scalemxAl -scalemxAr; move: (r *m q) => X; rewrite !mxE; move: (X 0 0) => x {hq hp}; ring.
have nq : (q^*t *m q) 0 0 != 0 by apply: contraTneq isT => e; move: Q; rewrite e mul0r => /esym/eqP; rewrite oner_eq0.
have np : (r *m q) 0 0 != 0 by apply: contraTneq isT => e; move: P; rewrite e mul0r => /esym/eqP; rewrite oner_eq0.
have -> : Ssum (a *: q) (b *: r) = (b * a) * `|a| ^+ 2 * Ssum q r.
  rewrite /Ssum mulr_sumr; apply: eq_bigr => l _; rewrite !mxE normrM exprMn.
  by move: (r 0 l) (q l 0) `|a| `|q l 0| {hq hp Q P} => p' q' a' q''; ring.
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
End Sum.
End Lyapunov.
