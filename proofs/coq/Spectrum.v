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

(* the resolvent of Lemma C, and c, e in T = c S - 2 i e nu G *)
Definition resolvent (mu : C) : 'M[C]_n := invmx ((2%:R * 'i * 'Im mu + 'Re mu)%:M - W).
Definition curve (a : activation) : C * C := if curved a then (3%:R, 1) else (1, 0).

Definition point_spectrum (a : activation) (s1 kappa : C) (pt : point) (mu : C) : Prop :=
  [/\ mu \in rs, 0 < 'Im mu, count_mem mu rs = 1%N /\ count_mem mu^* rs = 1%N,
      [/\ enclosesC (parameter pt) (- 'Re mu), enclosesC (frequency pt) (s1 * 'Im mu) & enclosesC (speed pt) s1]
    & [/\ count (fun z => 'Re mu < 'Re z) rs = unstable_eigenvalues pt,
          count (fun z => 'Re z < 'Re mu) rs = stable_eigenvalues pt,
          forall z, z \in rs -> 'Re z = 'Re mu -> z = mu \/ z = mu^*
        & lyapunov_value W (first_lyapunov_coefficient pt) kappa (curve a).1 (curve a).2 mu (resolvent mu)]].

Definition crossing_spectrum (en : enclosure) (mu : C) : Prop :=
  [/\ mu \in rs, mu \is Num.real, count_mem mu rs = 1%N, enclosesC en (- mu) & forall z, z \in rs -> 'Re z = mu -> z = mu].
End Spectrum.

Lemma strength_pos a : (0 <? numer (lower (strength a)))%bigZ.
Proof. by case: a. Qed.

(* z I - W is invertible where z is no eigenvalue *)
Lemma not_eigenvalue (C : numClosedFieldType) n (W : 'M[C]_n) rs z : char_poly W = \prod_(z <- rs) ('X - z%:P) -> z \notin rs ->
  z%:M - W \in unitmx.
Proof.
move=> cW; apply: contraNT; rewrite unitmxE unitfE negbK => /det0P [v v0 vW].
rewrite -root_prod_XsubC -cW -eigenvalue_root_char; apply/eigenvalueP; exists v => //.
by move/eqP: vW; rewrite mulmxBr mul_mx_scalar subr_eq0 => /eqP.
Qed.

(* 2 i Im mu + Re mu is none, where mu and its conjugate are the only ones on their line *)
Lemma resolvent_invertible (C : numClosedFieldType) n (W : 'M[C]_n) rs mu : char_poly W = \prod_(z <- rs) ('X - z%:P) -> 0 < 'Im mu ->
  (forall z, z \in rs -> 'Re z = 'Re mu -> z = mu \/ z = mu^*) -> (2%:R * 'i * 'Im mu + 'Re mu)%:M - W \in unitmx.
Proof.
move=> cW m0 only; apply: not_eigenvalue cW _; apply/negP => zrs.
have zE : 2%:R * 'i * 'Im mu + 'Re mu = 'Re mu + 'i * (2%:R * 'Im mu) by rewrite addrC mulrAC [_ * 'i]mulrC.
have r2 : 2%:R * 'Im mu \is Num.real by rewrite rpredM ?realn ?Creal_Im.
have Imz : 'Im (2%:R * 'i * 'Im mu + 'Re mu) = 2%:R * 'Im mu by rewrite zE; apply: Im_rect => //; apply: Creal_Re.
have Rez : 'Re (2%:R * 'i * 'Im mu + 'Re mu) = 'Re mu by rewrite zE; apply: Re_rect => //; apply: Creal_Re.
have m2 : 'Im mu < 2%:R * 'Im mu by rewrite mulr_natl mulr2n ltr_addl.
have [h|h] := only _ zrs Rez; move: m2; rewrite -Imz h ?ltxx // Im_conj => m2.
by have := lt_trans m0 m2; rewrite oppr_gt0 => /(lt_trans m0); rewrite ltxx.
Qed.

(* the sums in the errors of the vectors *)
Lemma weighted_except (C : numClosedFieldType) n A f k (l : 'I_n) : wf n A ->
  phi C (nth 0%bigZ (weighted n A (except k f)) l) = \sum_(i < n | i != k :> nat) phi C (entry A l i) * phi C (f i).
Proof.
move=> wA; rewrite (weighted_sum C _ wA) // [RHS]big_mkcond; apply: eq_bigr => i _; rewrite /except.
by case: (_ == _); rewrite ?phi0 ?mulr0.
Qed.

Theorem conditions_spectrum (C : numClosedFieldType) a n ts points crossings w pairs reals T absN r s g rho normN AX AY nu c ymax (W : 'M[C]_n) (s1 kappa : C) :
  0 < s1 -> enclosesC (slope a) s1 -> enclosesC (strength a) kappa -> map_mx conjC W = W -> small_motion ts w W T ->
  conditions a n ts points crossings w pairs reals T absN r s g rho normN AX AY nu c ymax (compute n ts w) ->
  [/\ (0 <? D w)%bigZ, all (factor_ok (D w)) ts, increasing (map parameter points) && increasing crossings
    & exists rs mus nus, [/\ char_poly W = \prod_(z <- rs) ('X - z%:P),
      Forall2 (point_spectrum W rs a s1 kappa) points mus,
      Forall2 (crossing_spectrum rs) crossings nus
    & forall z, z \in rs -> [\/ z \in mus, z^* \in mus | z \in nus]]].
Proof.
move=> s10 s1_in kap_in Wr hT /and5P [/and5P [w1 w2 w3 w4 /and3P [E0 D0 hf]] /andP [wX wY] hA hB /and5P [/andP [/eqP sp hp] hl /andP [/eqP sr hr] inc cov]].
split=> //; have [rs crs] := closed_field_poly_normal (char_poly W).
move: crs; rewrite (monicP (char_poly_monic W)) scale1r => cW.
pose R kp mu := point_spectrum W rs a s1 kappa kp.2 mu /\
  forall z (i : 'I_n), z \in rs -> (val i == kp.1) || (val i == kp.1.+1) ->
    `|z - cx C (nth 0%bigZ (dr w) i) (nth 0%bigZ (di w) i) / (phi C (E w) * phi C (D w))| <= phi C (g i) / (phi C (E w) * phi C (D w)) ->
    z = mu \/ z = mu^*.
have [mus hmus] : exists mus, Forall2 R (zip pairs points) mus.
  move: hp hl; elim: (zip pairs points) => [|[k pt] l IH] /=; first by exists [::].
  move=> /andP [ok /IH h] /andP [/andP [hv hL] /h [mus hm]] {IH h}.
  have [mu [[m1 m2 m3 m4 [m5 m6 m7 m8]] [kn muk _]]] := pair_sound w1 w2 w3 w4 E0 D0 Wr hT hA cW s10 s1_in ok.
  have L : lyapunov_value W (first_lyapunov_coefficient pt) kappa (curve C a).1 (curve C a).2 mu (resolvent W mu).
    set v := make_vectors _ _ _ _ _ _ _ _ _ _ _ in hv hL.
    have hq (l' : 'I_n) : phi C (err_q v l') = \sum_(i < n | i != k :> nat) phi C (entry AX l' i) * phi C (dR v i) by exact: weighted_except.
    have ha (l' : 'I_n) : phi C (sum_a v l') = \sum_(i < n | i != k :> nat) phi C (entry AY l' i) * phi C (dL v i) by exact: weighted_except.
    move: hL; rewrite /lyapunov_ok /curve; case: (curved a) => [/and4P [hs h1 h2 h3]|/andP [h1 h2]].
      apply: (lyapunov_sound w1 w2 w3 w4 E0 D0 hT hA cW hB hv hq (strength_pos a) kap_in muk m1 h3).
      have uR := resolvent_invertible cW m2 m7.
      move=> u x uk hu xk hx.
      have h := curved_near w1 w2 w3 w4 E0 D0 hT hA hB hv hq ha muk uk hu xk hx hs uR h1 h2; exact: h.
    apply: (lyapunov_sound w1 w2 w3 w4 E0 D0 hT hA cW hB hv hq (strength_pos a) kap_in muk m1 h2).
    move=> u x uk hu xk hx.
    have h := even_near w1 w2 w3 w4 E0 D0 hT hA hB hv hq ha mu uk hu xk hx (resolvent W mu) h1; exact: h.
  by exists (mu :: mus); constructor.
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
