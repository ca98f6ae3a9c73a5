(* Isolation: two vertical lines that no disc meets have exactly as many eigenvalues between them as centres.  For a real matrix
   this isolates a conjugate pair, or one real eigenvalue, without continuity of roots. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Proofgen Require Import Inertia Dominance Sides TheoremA.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section Isolation.
Variable C : numClosedFieldType.

Lemma sign_near (x y : C) : x \is Num.real -> y \is Num.real -> `|y - x| < `|x| ->
  ((0 < y) = (0 < x)) * ((y < 0) = (x < 0)).
Proof.
have pos (u v : C) : u \is Num.real -> v \is Num.real -> `|v - u| < `|u| -> 0 < u -> 0 < v.
  move=> ur vr h u0; move: h; rewrite (gtr0_norm u0) real_ltr_norml ?rpredB // => /andP [+ _].
  by rewrite ltr_subr_addl subrr.
move=> xr yr h.
have x0 : x != 0 by apply: contraTneq h => ->; rewrite normr0 -real_leNgt ?real0 ?normr_real //.
have h' : `|- y - - x| < `|- x| by rewrite opprK addrC distrC normrN.
have := real_neqr_lt xr (real0 C); rewrite x0 => /esym /orP [xn|xp]; last first.
  have yp := pos _ _ xr yr h xp.
  by rewrite xp yp (lt_gtF xp) (lt_gtF yp).
have yn : y < 0 by rewrite -oppr_gt0; apply: pos h' _; rewrite ?rpredN ?oppr_gt0.
by rewrite xn yn (lt_gtF xn) (lt_gtF yn).
Qed.

Lemma conj_closed n (W : 'M[C]_n) rs : map_mx conjC W = W -> char_poly W = \prod_(z <- rs) ('X - z%:P) ->
  perm_eq rs (map conjC rs).
Proof.
move=> Wr cW; apply: prod_perm; rewrite -cW.
have e : map_poly conjC (char_poly W) = char_poly W.
  by have := map_char_poly [rmorphism of @conjC C] W; rewrite /= Wr.
rewrite -[LHS]e cW big_map rmorph_prod; apply: eq_bigr => z _.
by rewrite rmorphB /= map_polyX map_polyC.
Qed.

Section Discs.
Variables (n : nat) (M : 'M[C]_n) (d g : 'I_n -> C) (rs : seq C).
Hypothesis discs : forall i, `|M i i - d i| + \sum_(j | j != i) `|M i j| <= g i.
Hypothesis cM : char_poly M = \prod_(z <- rs) ('X - z%:P).

(* every eigenvalue lies in a disc *)
Lemma gersh z : z \in rs -> exists i, `|z - d i| <= g i.
Proof.
move=> zrs; apply/existsP; apply: contraT => /existsPn h; exfalso.
have U : M - z%:M \in unitmx.
  apply: LD => i; rewrite (eq_bigr (fun j => `|M i j|)); last first.
    by move=> j /negPf ji; rewrite !mxE eq_sym ji mulr0n subr0.
  have gr : g i \is Num.real.
    by apply: ger0_real; apply: le_trans (discs i); rewrite addr_ge0 // sumr_ge0.
  have := h i; rewrite -real_ltNge ?normr_real // => hi.
  have hd := discs i; rewrite !mxE eqxx mulr1n.
  have : \sum_(j | j != i) `|M i j| <= g i - `|M i i - d i| by rewrite ler_subr_addl.
  move=> /le_lt_trans; apply; rewrite ltr_subl_addr; apply: lt_le_trans hi _.
  apply: le_trans (_ : `|(M i i - d i) - (M i i - z)| <= _); last by rewrite [X in _ <= X]addrC ler_norm_sub.
  by rewrite (_ : M i i - d i - (M i i - z) = z - d i) // opprB [LHS]addrC addrA subrK.
move: zrs; rewrite -root_prod_XsubC -cM -eigenvalue_root_char /eigenvalue /eigenspace.
by rewrite kermx_eq0 row_free_unit U.
Qed.

(* a line that no disc meets has as many eigenvalues as centres on each side *)
Lemma half_count c : c \is Num.real -> (forall i, g i < `|'Re (d i) - c|) ->
  count (fun z => c < 'Re z) rs = #|[pred i | (c < 'Re (d i))%R]| /\
  count (fun z => 'Re z < c) rs = #|[pred i | ('Re (d i) < c)%R]|.
Proof.
move=> cr far; pose A := M - c%:M.
have ReA i : 'Re (A i i) = 'Re (M i i) - c.
  by rewrite !mxE eqxx mulr1n raddfB /= (Creal_ReP _ cr).
have Aij i j : j != i -> A i j = M i j by move=> /negPf ji; rewrite !mxE eq_sym ji mulr0n subr0.
have near i : `|'Re (A i i) - ('Re (d i) - c)| <= `|M i i - d i|.
  rewrite ReA opprB addrA subrK -raddfB /=.
  by case: (leif_normC_Re_Creal (M i i - d i)).
have sumA i : \sum_(j | j != i) `|A i j| = \sum_(j | j != i) `|M i j|.
  by apply: eq_bigr => j /Aij ->.
have sum0 i : 0 <= \sum_(j | j != i) `|M i j| by rewrite sumr_ge0.
have dom i : \sum_(j | j != i) `|A i j| < `|'Re (A i i)|.
  have h : \sum_(j | j != i) `|M i j| <= g i - `|M i i - d i| by rewrite ler_subr_addl.
  rewrite sumA; apply: le_lt_trans h _; rewrite ltr_subl_addr; apply: lt_le_trans (far i) _.
  apply: le_trans (_ : `|'Re (A i i)| + `|'Re (A i i) - ('Re (d i) - c)| <= _); last by rewrite ler_add2l near.
  by have := ler_norm_sub ('Re (A i i)) ('Re (A i i) - ('Re (d i) - c)); rewrite opprB addrC subrK.
have [w [w0 wP]] := @mmatrix C n (fun i => `|'Re (A i i)|) (fun i j => `|A i j|) (fun i j => normr_ge0 _) dom.
have [] := count_dom w0 _ (char_poly_shift c cM).
  move=> i; rewrite big_split /= -mulr_sumr mulr2n ltr_add ?wP // ltr_pmul2l //.
have sgn i : ((0 < 'Re (A i i)) = (c < 'Re (d i))) * (('Re (A i i) < 0) = ('Re (d i) < c)).
  have [] := @sign_near ('Re (d i) - c) ('Re (A i i)).
  - by rewrite rpredB ?Creal_Re.
  - exact: Creal_Re.
  - apply: le_lt_trans (near i) (le_lt_trans _ (far i)); apply: le_trans (discs i).
    by rewrite ler_addl.
  by move=> -> ->; rewrite subr_gt0 subr_lt0.
rewrite !count_map => e1 e2; split.
  apply: etrans (etrans _ e1) _; last by apply: eq_card => i; rewrite !inE sgn.
  by apply: eq_count => z /=; rewrite raddfB /= (Creal_ReP _ cr) subr_gt0.
apply: etrans (etrans _ e2) _; last by apply: eq_card => i; rewrite !inE sgn.
by apply: eq_count => z /=; rewrite raddfB /= (Creal_ReP _ cr) subr_lt0.
Qed.

Lemma Im_near (x y : C) : `|'Im x - 'Im y| <= `|x - y|.
Proof.
rewrite -raddfB /=; set u := x - y.
have -> : 'Im u = - 'Re ('i * u) by rewrite ReMil opprK.
rewrite normrN; apply: le_trans (_ : `|'i * u| <= _); first by case: (leif_normC_Re_Creal ('i * u)).
by rewrite normrM normCi mul1r.
Qed.
Lemma Re_near (x y : C) : `|'Re x - 'Re y| <= `|x - y|.
Proof. by rewrite -raddfB /=; case: (leif_normC_Re_Creal (x - y)). Qed.

(* ---------------- the strip c1 < Re < c2 holds the eigenvalues of the discs in J *)
Section Strip.
Variables (c1 c2 : C) (J : pred 'I_n).
Hypothesis real_spectrum : perm_eq rs (map conjC rs).
Hypotheses (c1r : c1 \is Num.real) (c2r : c2 \is Num.real) (c12 : c1 < c2).
Hypothesis far1 : forall i, g i < `|'Re (d i) - c1|.
Hypothesis far2 : forall i, g i < `|'Re (d i) - c2|.
Hypothesis outside : forall i, ~~ J i -> 'Re (d i) < c1 \/ c2 < 'Re (d i).
Hypothesis inside : forall i, J i -> c1 < 'Re (d i) < c2.

Let strip (z : C) := (c1 < 'Re z) && ('Re z < c2).

Lemma side c i z : c \is Num.real -> g i < `|'Re (d i) - c| -> `|z - d i| <= g i ->
  ((c < 'Re z) = (c < 'Re (d i))) * (('Re z < c) = ('Re (d i) < c)).
Proof.
move=> cr fr zi; have [] := @sign_near ('Re (d i) - c) ('Re z - c); rewrite ?rpredB ?Creal_Re //.
  by apply: le_lt_trans _ fr; apply: le_trans zi; rewrite opprB addrA subrK Re_near.
by rewrite !subr_gt0 !subr_lt0 => -> ->.
Qed.

Lemma strip_disc z i : `|z - d i| <= g i -> strip z = J i.
Proof.
move=> zi; rewrite /strip (side c1r (far1 i) zi) (side c2r (far2 i) zi).
case Ji: (J i); first by case/andP: (inside Ji) => -> ->.
by case: (outside (negbT Ji)) => h; rewrite (lt_gtF h) ?andbF.
Qed.

Lemma strip_eigenvalue z : z \in rs -> strip z -> exists2 i, J i & `|z - d i| <= g i.
Proof. by move=> /gersh [i zi] zs; exists i => //; rewrite -(strip_disc zi). Qed.

Lemma off_strip z : z \in rs -> strip z = ~~ (('Re z < c1) || (c2 < 'Re z)).
Proof.
move=> /gersh [i zi]; rewrite (strip_disc zi) (side c1r (far1 i) zi) (side c2r (far2 i) zi).
case Ji: (J i); first by case/andP: (inside Ji) => h1 h2; rewrite (lt_gtF h1) (lt_gtF h2).
by case: (outside (negbT Ji)) => -> //; rewrite orbT.
Qed.

Lemma left_count : count (fun z => 'Re z < c1) rs = #|[pred i | ('Re (d i) < c1)%R]|.
Proof. by case: (half_count c1r far1). Qed.
Lemma right_count : count (fun z => c2 < 'Re z) rs = #|[pred i | (c2 < 'Re (d i))%R]|.
Proof. by case: (half_count c2r far2). Qed.

Lemma strip_count : count strip rs = #|J|.
Proof.
have sz : size rs = n by apply/eqP; rewrite -eqSS -(size_prod_XsubC rs id) -cM size_char_poly.
pose lo := fun z : C => 'Re z < c1; pose hi := fun z : C => c2 < 'Re z.
have lohi z : lo z && hi z = false.
  by apply/negP => /andP [h1 h2]; have := lt_trans (lt_trans h1 c12) h2; rewrite ltxx.
have e1 : (count strip rs + (count lo rs + count hi rs) = n)%N.
  rewrite -count_predUI -[count (predI lo hi) rs]/(count (fun z => lo z && hi z) rs).
  rewrite [count (fun z => lo z && hi z) rs](eq_count (a2 := pred0)) ?count_pred0 ?addn0; last exact: lohi.
  by rewrite -sz -(count_predC (predU lo hi) rs) addnC; congr (_ + _)%N; apply: eq_in_count => z /off_strip.
pose lod := [pred i | 'Re (d i) < c1]; pose hid := [pred i | c2 < 'Re (d i)].
have e2 : (#|J| + (#|lod| + #|hid|) = n)%N.
  rewrite -cardUI (eq_card0 (A := [predI lod & hid])) ?addn0; last first.
    by move=> i; rewrite !inE; apply/negP => /andP [h1 h2]; have := lt_trans (lt_trans h1 c12) h2; rewrite ltxx.
  rewrite -[RHS]card_ord -(cardC [predU lod & hid]) addnC; congr (_ + _)%N.
  apply: eq_card => i; rewrite !inE /in_mem /=; apply/idP/idP.
    by move=> /inside /andP [h1 h2]; rewrite (lt_gtF h1) (lt_gtF h2).
  by apply: contraR => /outside [] ->; rewrite ?orbT.
by have := etrans e1 (esym e2); rewrite /lo /hi left_count right_count; apply: addIn.
Qed.

Let fs := filter strip rs.

Lemma strip_conj z : z \in fs -> z^* \in fs.
Proof.
rewrite !mem_filter /strip Re_conj => /andP [-> zrs] /=; rewrite (perm_mem real_spectrum).
exact: map_f.
Qed.

Lemma strip_simple z : uniq fs -> z \in fs -> count_mem z rs = 1%N.
Proof.
move=> ufs zfs; have := count_uniq_mem z ufs; rewrite zfs /= => <-.
rewrite count_filter; apply: eq_count => x /=; case: eqP => //= ->.
by move: zfs; rewrite mem_filter => /andP [-> _].
Qed.

(* counting to the right (left) of the real part that all eigenvalues of the strip share *)
Lemma strip_sides mu : strip mu -> (forall z, z \in rs -> strip z -> 'Re z = 'Re mu) ->
  count (fun z => 'Re mu < 'Re z) rs = #|[pred i | (c2 < 'Re (d i))%R]| /\
  count (fun z => 'Re z < 'Re mu) rs = #|[pred i | ('Re (d i) < c1)%R]|.
Proof.
move=> /andP [mu1 mu2] same; rewrite -right_count -left_count; split; apply: eq_in_count => z zrs /=.
  case zst: (strip z).
    by rewrite (same z zrs zst) ltxx (lt_gtF mu2).
  move: (off_strip zrs); rewrite zst => /esym/negbFE/orP [zl|zh].
    by rewrite (lt_gtF (lt_trans zl mu1)) (lt_gtF (lt_trans zl c12)).
  by rewrite (lt_trans mu2 zh) [RHS]zh.
case zst: (strip z).
  by rewrite (same z zrs zst) ltxx (lt_gtF mu1).
move: (off_strip zrs); rewrite zst => /esym/negbFE/orP [zl|zh].
  by rewrite (lt_trans zl mu1) [RHS]zl.
by rewrite (lt_gtF (lt_trans mu2 zh)) (lt_gtF (lt_trans c12 zh)).
Qed.

(* two discs in the strip, one above and one below the real axis: a pair of simple conjugate eigenvalues *)
Lemma isolated_pair (k k' : 'I_n) : (forall i, J i = (i == k) || (i == k')) ->
  k != k' -> g k < 'Im (d k) -> 'Im (d k') < - g k' ->
  exists mu, [/\ mu \in rs, `|mu - d k| <= g k, 0 < 'Im mu,
      count_mem mu rs = 1%N /\ count_mem mu^* rs = 1%N
    & [/\ count (fun z => 'Re mu < 'Re z) rs = #|[pred i | (c2 < 'Re (d i))%R]|,
          count (fun z => 'Re z < 'Re mu) rs = #|[pred i | ('Re (d i) < c1)%R]|,
          forall z, z \in rs -> 'Re z = 'Re mu -> z = mu \/ z = mu^*
        & forall z i, z \in rs -> J i -> `|z - d i| <= g i -> z = mu \/ z = mu^*]].
Proof.
move=> JE kk' Hk Hk'.
have fs2 : size fs = 2%N.
  rewrite size_filter strip_count (_ : 2%N = #|pred2 k k'|); last by rewrite card2 kk'.
  by apply: eq_card => i; rewrite [in RHS]inE -JE.
have upper z : z \in fs -> (`|z - d k| <= g k /\ 0 < 'Im z) \/ 'Im z < 0.
  rewrite mem_filter => /andP [zs zrs]; have [i + zi] := strip_eigenvalue zrs zs.
  have near j : `|'Im z - 'Im (d j)| <= `|z - d j| := Im_near z (d j).
  rewrite JE => /orP [] /eqP E; rewrite E in zi; have g0 := le_trans (normr_ge0 _) zi.
    left; split=> //; have Ik : 0 < 'Im (d k) := le_lt_trans g0 Hk.
    have nr : `|'Im z - 'Im (d k)| < `|'Im (d k)|.
      by apply: le_lt_trans (near k) _; apply: le_lt_trans zi _; rewrite gtr0_norm.
    by rewrite (sign_near (Creal_Im _) (Creal_Im _) nr).
  right; have dn : 'Im (d k') < 0 by apply: lt_le_trans Hk' _; rewrite oppr_le0.
  have nr : `|'Im z - 'Im (d k')| < `|'Im (d k')|.
    by apply: le_lt_trans (near k') _; apply: le_lt_trans zi _; rewrite ltr0_norm // ltr_oppr.
  by rewrite (sign_near (Creal_Im _) (Creal_Im _) nr).
have [mu [mufs muk muI]] : exists mu, [/\ mu \in fs, `|mu - d k| <= g k & 0 < 'Im mu].
  have [z zfs] : exists z, z \in fs by move: fs2; case: (fs) => // z t _; exists z; rewrite inE eqxx.
  have [[a b]|zn] := upper z zfs; first by exists z.
  have p : 0 < 'Im z^* by rewrite Im_conj oppr_gt0.
  exists z^*; have [[a b]|] := upper _ (strip_conj zfs); first by split=> //; apply: strip_conj.
  by move=> /(lt_trans p); rewrite ltxx.
have muc : mu != mu^*.
  apply: contraTneq muI => e; have := Im_conj mu; rewrite -e => /eqP; rewrite -subr_eq0 opprK -mulr2n mulrn_eq0 /=.
  by move=> /eqP ->; rewrite ltxx.
have u2s : uniq [:: mu; mu^*] by rewrite /= inE muc.
have sub2 : {subset [:: mu; mu^*] <= fs}.
  by move=> z; rewrite !inE => /orP [/eqP ->|/eqP ->] //; apply: strip_conj.
have ufs : uniq fs by apply: leq_size_uniq u2s sub2 _; rewrite fs2.
have [_ fsE] := uniq_min_size u2s sub2 (eq_leq fs2).
have [must murs] : strip mu /\ mu \in rs by move: mufs; rewrite mem_filter => /andP [].
have inst z : z \in rs -> strip z -> z = mu \/ z = mu^*.
  move=> zrs zst; have : z \in fs by rewrite mem_filter zst.
  by rewrite -fsE !inE => /orP [/eqP ->|/eqP ->]; [left|right].
have same z : z \in rs -> strip z -> 'Re z = 'Re mu by move=> zrs /(inst z zrs) [] -> //; rewrite Re_conj.
exists mu; split=> //; first by split; apply: strip_simple => //; apply: strip_conj.
have [cr cl] := strip_sides must same; split=> // z.
  by move=> zrs e; apply: inst => //; rewrite /strip e.
by move=> i zrs Ji zi; apply: inst => //; rewrite (strip_disc zi).
Qed.

(* one disc in the strip: a simple real eigenvalue *)
Lemma isolated_real (k : 'I_n) : (forall i, J i = (i == k)) ->
  exists mu, [/\ mu \in rs, `|mu - d k| <= g k, mu \is Num.real, count_mem mu rs = 1%N
    & (forall z, z \in rs -> 'Re z = mu -> z = mu) /\ forall z, z \in rs -> `|z - d k| <= g k -> z = mu].
Proof.
move=> JE; have fs1 : size fs = 1%N.
  by rewrite size_filter strip_count -(card1 k); apply: eq_card => i; rewrite [in RHS]inE -JE.
have [mu fsE] : exists mu, fs = [:: mu] by move: fs1; case: (fs) => [|mu []] // _; exists mu.
have mufs : mu \in fs by rewrite fsE inE.
have [must murs] : strip mu /\ mu \in rs by move: mufs; rewrite mem_filter => /andP [].
have inst z : z \in rs -> strip z -> z = mu.
  by move=> zrs zst; have : z \in fs; [rewrite mem_filter zst|rewrite fsE inE => /eqP].
have mur : mu \is Num.real.
  by apply/CrealP; have := strip_conj mufs; rewrite fsE inE => /eqP.
exists mu; split=> //; last split.
- by have [i + zi] := strip_eigenvalue murs must; rewrite JE => /eqP <-.
- by apply: strip_simple => //; rewrite fsE.
- by move=> z zrs e; apply: inst => //; rewrite /strip e -(Creal_ReP _ mur).
- by move=> z zrs zk; apply: inst => //; rewrite (strip_disc zk) JE.
Qed.
End Strip.
End Discs.
End Isolation.
