(* What [check] shows of the matrix W, over any algebraically closed field with conjugation: its eigenvalues are exactly the
   pairs of the points, the real crossings, and nothing else. *)
From Coq Require Import ZArith QArith List.
From Bignums Require Import BigZ.
From mathcomp Require Import all_ssreflect all_algebra.
From Proofgen Require Import Inertia Dominance TheoremA Isolation TheoremB Lyapunov Statement Checker Integers Sound.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Delimit Scope bigZ_scope with bigZ.
Local Open Scope ring_scope.

Section Lists.
Variables T U V : eqType.
Lemma all_Forall2 (A B : Type) (p : A -> bool) (R : A -> B -> Prop) s : (forall x, p x -> exists y, R x y) -> all p s ->
  exists t, Forall2 R s t.
Proof.
move=> h; elim: s => [_|x s IH /= /andP [px /IH [t ht]]]; first by exists [::].
by have [y hy] := h x px; exists (y :: t); constructor.
Qed.
Lemma Forall2_zip (A B D : Type) (R : A * B -> D -> Prop) (s : seq A) (s' : seq B) t : size s = size s' -> Forall2 R (zip s s') t ->
  Forall2 (fun b d => exists a, R (a, b) d) s' t.
Proof.
elim: s s' t => [|x s IH] [|y s'] t //= e h; inversion h; subst; constructor => //; first by exists x.
by apply: IH => //; case: e.
Qed.
Lemma Forall2_mem (A : eqType) (B : Type) (D : eqType) (R : A * B -> D -> Prop) (s : seq A) (s' : seq B) t x :
  size s = size s' -> Forall2 R (zip s s') t -> x \in s -> exists b d, d \in t /\ R (x, b) d.
Proof.
elim: s s' t => [|z s IH] [|y s'] t //= e h; inversion h; subst; rewrite inE => /orP [/eqP ->|xs].
  by exists y, y0; split=> //; rewrite inE eqxx.
have [|b [d [dt bd]]] := IH s' l' _ H3 xs; first by case: e.
by exists b, d; split=> //; rewrite inE dt orbT.
Qed.
End Lists.

Section Spectrum.
Variable C : numClosedFieldType.
Local Notation phi := (phi C).
Variables (n : nat) (W : 'M[C]_n) (rs : seq C).

Definition point_spectrum (K : C) (pt : point) (mu : C) : Prop :=
  [/\ mu \in rs, 0 < 'Im mu, count_mem mu rs = 1%N /\ count_mem mu^* rs = 1%N,
      enclosesC (parameter pt) (- 'Re mu) /\ enclosesC (frequency pt) ('Im mu)
    & [/\ count (fun z => 'Re mu < 'Re z) rs = unstable_eigenvalues pt,
          count (fun z => 'Re z < 'Re mu) rs = stable_eigenvalues pt,
          forall z, z \in rs -> 'Re z = 'Re mu -> z = mu \/ z = mu^*
        & exists S, [/\ exists q p : 'cV[C]_n,
              [/\ W *m q = mu *: q, ct p *m W = mu *: ct p, (ct q *m q) 0 0 = 1 & (ct p *m q) 0 0 = 1],
            forall q p : 'cV[C]_n, W *m q = mu *: q -> ct p *m W = mu *: ct p -> (ct q *m q) 0 0 = 1 -> (ct p *m q) 0 0 = 1 ->
              Ssum q (ct p) = S,
            enclosesC (first_lyapunov_coefficient pt) (K * ('Im mu ^+ 2 * 'Im S))
          & K * ('Im mu ^+ 2 * 'Im S) != 0]]].

Definition crossing_spectrum (en : enclosure) (mu : C) : Prop :=
  [/\ mu \in rs, mu \is Num.real, count_mem mu rs = 1%N, enclosesC en (- mu) & forall z, z \in rs -> 'Re z = mu -> z = mu].
End Spectrum.

Lemma cubic_pos a : (0 <? (cubic a).1)%bigZ /\ (0 <? (cubic a).2)%bigZ.
Proof. by case: a. Qed.

Theorem conditions_spectrum (C : numClosedFieldType) a n ts points crossings w pairs reals T absN r s g rho normN absX absY nu c ymax (W : 'M[C]_n) :
  map_mx conjC W = W -> small_motion ts w W T ->
  conditions a n ts points crossings w pairs reals T absN r s g rho normN absX absY nu c ymax (compute n ts w) ->
  [/\ (0 <? D w)%bigZ, all (factor_ok (D w)) ts, increasing (map parameter points) && increasing crossings
    & exists rs mus nus, [/\ char_poly W = \prod_(z <- rs) ('X - z%:P),
      Forall2 (point_spectrum W rs (phi C (cubic a).1 / phi C (cubic a).2)) points mus,
      Forall2 (crossing_spectrum rs) crossings nus
    & forall z, z \in rs -> [\/ z \in mus, z^* \in mus | z \in nus]]].
Proof.
move=> Wr hT /and5P [/and5P [w1 w2 w3 w4 /and3P [E0 D0 hf]] hA hB /andP [/eqP sp hp] /and4P [hl /andP [/eqP sr hr] inc cov]].
split=> //; have [rs crs] := closed_field_poly_normal (char_poly W).
move: crs; rewrite (monicP (char_poly_monic W)) scale1r => cW.
have [n0 d0] := cubic_pos a.
pose R kp mu := point_spectrum W rs (phi C (cubic a).1 / phi C (cubic a).2) kp.2 mu /\
  forall z (i : 'I_n), z \in rs -> (val i == kp.1) || (val i == kp.1.+1) ->
    `|z - cx C (nth 0%bigZ (dr w) i) (nth 0%bigZ (di w) i) / (phi C (E w) * phi C (D w))| <= phi C (g i) / (phi C (E w) * phi C (D w)) ->
    z = mu \/ z = mu^*.
have [mus hmus] : exists mus, Forall2 R (zip pairs points) mus.
  move: hp hl; elim: (zip pairs points) => [|[k pt] l IH] /=; first by exists [::].
  move=> /andP [ok /IH h] /andP [/andP [hv hL] /h [mus hm]] {IH h}.
  have [mu [[m1 m2 m3 m4 [m5 m6 m7 m8]] [kn muk _]]] := pair_sound w1 w2 w3 w4 E0 D0 Wr hT hA cW ok.
  have [S [S1 S2 S3 S4]] := lyapunov_sound w1 w2 w3 w4 E0 D0 hT hA cW hB hv n0 d0 hL muk m1.
  exists (mu :: mus); constructor => //; split; last exact: m8.
  by split=> //; split=> //; exists S.
have [nus hnus] : exists nus, Forall2 (fun ke mu => real_spectrum n w g rs ke.2 ke.1 mu) (zip reals crossings) nus.
  by apply: all_Forall2 hr => -[k en] /(crossing_sound w1 w2 w3 w4 E0 D0 Wr hT hA cW).
exists rs, mus, nus; split=> //.
- have := Forall2_zip sp hmus; elim=> // pt mu pts mus' [k [h _]] _ IH; constructor=> //.
- have := Forall2_zip sr hnus; elim=> // en mu ens mus' [k [h1 h2 h3 h4 [h5 _]]] _ IH; constructor=> //.
move=> z zrs; have [i zi] := all_discs w1 w2 w3 w4 E0 D0 hT hA cW zrs.
have point k : k \in pairs -> (val i == k) || (val i == k.+1) -> [\/ z \in mus, z^* \in mus | z \in nus].
  move=> kp ik; have [pt [mu [mum [_ /(_ z i zrs ik zi) [->|->]]]]] := Forall2_mem sp hmus kp.
    by constructor 1.
  by constructor 2; rewrite conjCK.
have /or3P [ip|ip|ir] := allbP cov i.
- by apply: point ip _; rewrite eqxx.
- have pred j : (j == j.-1) || (j == j.-1.+1) by case: j => // j; rewrite eqxx orbT.
  exact: point ip (pred i).
have [en [mu [mum [_ _ _ _ [_ h]]]]] := Forall2_mem sr hnus ir.
by constructor 3; rewrite (h z i zrs (erefl _) zi).
Qed.
