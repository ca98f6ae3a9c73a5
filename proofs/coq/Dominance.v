(* Sylvester's law for diagonal forms (by ranks), and what follows from diagonal dominance: a Hermitian dominant matrix is
   positive definite, a dominant matrix is invertible, and a row dominant one can be scaled to be column dominant as well. *)
From mathcomp Require Import all_ssreflect all_algebra.
From Proofgen Require Import Inertia.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section Dominance.
Variable C : numClosedFieldType.
Local Notation "A ^*t" := (ct A) (at level 2, format "A ^*t").

(* ---------------- Sylvester's law, one direction, for diagonal forms *)
Lemma quad_diag n (s : 'rV[C]_n) (v : 'cV[C]_n) :
  (v^*t *m diag_mx s *m v) 0 0 = \sum_i s 0 i * `|v i 0| ^+ 2.
Proof.
rewrite mul_mx_diag mxE; apply: eq_bigr => i _.
by rewrite !mxE normCK mulrAC mulrC [_^* * _]mulrC.
Qed.

Definition ind n (a : pred 'I_n) : 'M[C]_n := diag_mx (\row_i (a i)%:R).

Lemma ind_rank n (a : pred 'I_n) : (\rank (ind a) <= #|a|)%N.
Proof.
have -> : ind a = \sum_(i | a i) delta_mx i i.
  apply/matrixP => i j; rewrite !mxE summxE.
  rewrite (eq_bigr (fun k => ((k == i) && (k == j))%:R)); last by move=> k _; rewrite mxE !(eq_sym _ k).
  have [->|ne] := eqVneq i j; last first.
    by rewrite mulr0n big1 // => k _; case: eqP => //= ->; rewrite (negPf ne).
  rewrite mulr1n (eq_bigr (fun k => (k == j)%:R)); last by move=> k _; rewrite andbb.
  case aj: (a j); last by rewrite big1 // => k ak; case: eqP => // kj; rewrite -kj ak in aj.
  by rewrite (bigD1 j) //= eqxx big1 ?addr0 // => k /andP [_ /negPf ->].
rewrite -sum1_card; elim/big_rec2: _ => [|i m M _ IH]; first by rewrite mxrank0.
by apply: leq_trans (mxrank_add _ _) _; rewrite mxrank_delta leq_add2l.
Qed.

Lemma ind_rank_ge n (a : pred 'I_n) : (#|a| <= \rank (ind a))%N.
Proof.
have e1 : ind a + ind (predC a) = 1%:M.
  apply/matrixP => i j; rewrite !mxE; case: eqP => [->|_]; last by rewrite !mulr0n addr0.
  by rewrite !mulr1n /=; case: (a j); rewrite ?addr0 ?add0r.
have := mxrank_add (ind a) (ind (predC a)); rewrite e1 mxrank1 => h.
have := leq_trans h (leq_add (leqnn _) (ind_rank (predC a))).
by rewrite -{1}[n]card_ord -(cardC a) leq_add2r.
Qed.

Lemma sylvester n (T : 'M[C]_n) (D s : 'rV[C]_n) : T \in unitmx ->
  T^*t *m diag_mx D *m T = diag_mx s -> (forall i, D 0 i \is Num.real) ->
  (#|[pred i | (0 < s 0 i)%R]| <= #|[pred i | (0 < D 0 i)%R]|)%N.
Proof.
move=> uT TD rD; set a := [pred i | 0 < s 0 i]; set b := [pred i | 0 < D 0 i].
rewrite leqNgt; apply/negP => ltba.
pose M := ind b *m T *m ind a.
have rM : (\rank M < \rank (ind a))%N.
  apply: leq_ltn_trans (leq_trans ltba (ind_rank_ge a)); apply: leq_trans (ind_rank b).
  by rewrite /M -mulmxA mxrankM_maxl.
have : ~~ (kermx M^T <= kermx (ind a)^T)%MS.
  apply/negP => /mxrankS; rewrite !mxrank_ker !mxrank_tr leqNgt => /negP; apply.
  by apply: ltn_sub2l => //; apply: leq_trans rM (rank_leq_row _).
case/row_subPn => i; set u := row i _ => /sub_kermxP/eqP ua.
have uM : u *m M^T = 0 by apply/sub_kermxP; rewrite row_sub.
pose v := ind a *m u^T.
have v0 : v != 0.
  by apply: contra_neq ua => v0; rewrite -[u]trmxK -trmx_mul -/v v0 trmx0.
have bTv : ind b *m (T *m v) = 0.
  by rewrite /v !mulmxA -/M -[M]trmxK -trmx_mul uM trmx0.
have : 0 < (v^*t *m diag_mx s *m v) 0 0.
  rewrite quad_diag; have [j vj] : exists j, v j 0 != 0.
    apply/existsP; apply: contraNT v0 => /existsPn h; apply/eqP/matrixP => j k.
    by rewrite ord1 [RHS]mxE; apply/eqP; rewrite -[_ == _]negbK h.
  have av k : v k 0 != 0 -> 0 < s 0 k.
    rewrite /v mul_diag_mx !mxE mulf_eq0 negb_or => /andP [+ _].
    by rewrite /a /=; case: (0 < s 0 k); rewrite ?eqxx.
  rewrite (bigD1 j) //= ltr_spaddl ?mulr_gt0 ?exprn_gt0 ?normr_gt0 ?av //.
  apply: sumr_ge0 => k _; have [->|vk] := eqVneq (v k 0) 0; first by rewrite normr0 expr0n mulr0.
  by rewrite mulr_ge0 ?exprn_ge0 // ltW // av.
suff : (v^*t *m diag_mx s *m v) 0 0 <= 0 by move=> h /lt_le_trans /(_ h); rewrite ltxx.
have -> : v^*t *m diag_mx s *m v = (T *m v)^*t *m diag_mx D *m (T *m v).
  by rewrite -TD (ctM T v) !mulmxA.
rewrite quad_diag -oppr_ge0 -sumrN; apply: sumr_ge0 => k _; rewrite oppr_ge0; move/matrixP: bTv => /(_ k 0).
rewrite mul_diag_mx mxE [(\row_i _) _ _]mxE [RHS]mxE.
have [bk|] := boolP (b k).
  by rewrite mul1r => ->; rewrite normr0 expr0n mulr0.
rewrite /b /= -real_leNgt ?rD ?real0 // => Dk _.
by rewrite mulr_le0_ge0 // exprn_ge0.
Qed.

(* ---------------- lists of eigenvalues *)
Lemma prod_perm (rs ts : seq C) :
  \prod_(z <- rs) ('X - z%:P) = \prod_(z <- ts) ('X - z%:P) -> perm_eq rs ts.
Proof.
elim: rs ts => [|x rs IH] ts.
  rewrite big_nil => /(congr1 (fun p : {poly C} => size p)); rewrite size_poly1 size_prod_XsubC.
  by case: ts.
move=> E; have xts : x \in ts by rewrite -root_prod_XsubC -E big_cons rootM root_XsubC eqxx.
rewrite perm_sym (perm_trans (perm_to_rem xts)) // perm_cons perm_sym; apply: IH.
move: E; rewrite big_cons (perm_big _ (perm_to_rem xts)) big_cons /= => /mulfI; apply.
by rewrite polyXsubC_eq0.
Qed.

Lemma char_poly_shift n (A : 'M[C]_n) c rs : char_poly A = \prod_(z <- rs) ('X - z%:P) ->
  char_poly (A - c%:M) = \prod_(z <- map (fun z => z - c) rs) ('X - z%:P).
Proof.
move=> E; have -> : char_poly (A - c%:M) = char_poly A \Po ('X + c%:P).
  rewrite /char_poly -det_map_mx; congr (\det _); apply/matrixP => i j.
  rewrite !mxE /= comp_polyB comp_polyC; case: (i == j); rewrite ?mulr1n ?mulr0n ?subr0.
    by rewrite comp_polyX polyCB opprB addrA.
  by rewrite comp_poly0.
rewrite E rmorph_prod big_map; apply: eq_bigr => z _.
by rewrite /= comp_polyB comp_polyX comp_polyC polyCB opprB addrA.
Qed.

(* ---------------- a dominant Hermitian matrix is positive definite *)
Lemma dom_pdef n (H : 'M[C]_n) : H^*t = H ->
  (forall i, \sum_(j | j != i) `|H i j| < H i i) -> pdef H.
Proof.
move=> hH dom v v0.
have Hij i j : H j i = (H i j)^* by rewrite -{1}hH !mxE.
pose K i j := if i == j then H i i else - `|H i j|.
have KC i j : K i j = K j i.
  by rewrite /K eq_sym; case: eqP => [->//|_]; rewrite (Hij i j) norm_conjC.
have Krow i : 0 < \sum_j K i j.
  rewrite (bigD1 i) //= {1}/K eqxx (eq_bigr (fun j => - `|H i j|)) ?sumrN ?subr_gt0 //.
  by move=> j /negPf ji; rewrite /K eq_sym ji.
pose t i j := (v i 0)^* * H i j * v j 0.
have qE : (v^*t *m H *m v) 0 0 = \sum_i \sum_j t i j.
  rewrite mxE exchange_big; apply: eq_bigr => j _; rewrite mxE mulr_suml.
  by apply: eq_bigr => i _; rewrite !mxE.
have tC i j : t j i = (t i j)^* by rewrite /t !rmorphM conjCK -Hij [LHS]mulrC [_^* * H j i]mulrC mulrA.
have Hii i : (H i i)^* = H i i by rewrite -Hij.
have tK i j : K i j * (`|v i 0| ^+ 2 + `|v j 0| ^+ 2) <= t i j + t j i.
  have [->|ne] := eqVneq i j.
    by rewrite /K eqxx /t mulrDr normCK [_^* * H j j]mulrC -!mulrA [_^* * _]mulrC.
  rewrite /K (negPf ne) (tC i j) mulNr lter_oppl.
  have -> : - (t i j + (t i j)^*) = 'Re (- t i j) * 2%:R.
    by rewrite ReE divfK ?pnatr_eq0 // rmorphN opprD.
  apply: le_trans (_ : `|t i j| * 2%:R <= _).
    by rewrite ler_pmul2r ?ltr0n // -normrN; case: (leif_Re_Creal (- t i j)).
  rewrite /t !normrM norm_conjC [_ * `|H i j|]mulrC -!mulrA ler_wpmul2l // mulrA.
  rewrite -ler_pdivl_mulr ?ltr0n //; case: (real_leif_mean_square (normr_real (v i 0)) (normr_real (v j 0))).
  by [].
have : 0 < (\sum_i (\sum_j K i j) * `|v i 0| ^+ 2) *+ 2.
  rewrite pmulrn_lgt0 //; have [j vj] : exists j, v j 0 != 0.
    apply/existsP; apply: contraNT v0 => /existsPn h; apply/eqP/matrixP => j k.
    by rewrite ord1 [RHS]mxE; apply/eqP; rewrite -[_ == _]negbK h.
  rewrite (bigD1 j) //= ltr_spaddl ?mulr_gt0 ?exprn_gt0 ?normr_gt0 //.
  by apply: sumr_ge0 => k _; rewrite mulr_ge0 ?exprn_ge0 // ltW.
have -> : (\sum_i (\sum_j K i j) * `|v i 0| ^+ 2) *+ 2 =
   \sum_i \sum_j K i j * (`|v i 0| ^+ 2 + `|v j 0| ^+ 2).
  rewrite mulr2n; under [RHS]eq_bigr => i _ do under eq_bigr => j _ do rewrite mulrDr.
  under [RHS]eq_bigr => i _ do rewrite big_split /=.
  rewrite big_split /=; congr (_ + _); last rewrite [RHS]exchange_big /=.
    by apply: eq_bigr => i _; rewrite mulr_suml.
  by apply: eq_bigr => i _; rewrite mulr_suml; apply: eq_bigr => j _; rewrite KC.
move=> /lt_le_trans /(_ (ler_sum _ (fun i _ => ler_sum _ (fun j _ => tK i j)))).
under eq_bigr => i _ do rewrite big_split /=.
by rewrite big_split /= [X in _ + X]exchange_big /= -mulr2n pmulrn_lgt0 // qE.
Qed.

(* ---------------- maxima; Levy-Desplanques; M-matrices *)
Lemma real_min (T : finType) (f : T -> C) (x0 : T) : (forall i, f i \is Num.real) ->
  exists i, forall j, f i <= f j.
Proof.
move=> fr; have: forall s : seq T, exists i, forall j, j \in s -> f i <= f j.
  elim=> [|x s [i hi]]; first by exists x0.
  have [h|h] := real_leP (fr x) (fr i).
    by exists x => j; rewrite inE => /orP [/eqP ->//|/hi]; apply: le_trans.
  by exists i => j; rewrite inE => /orP [/eqP ->|/hi//]; apply: ltW.
by move=> /(_ (enum T)) [i hi]; exists i => j; apply: hi; rewrite mem_enum.
Qed.

Lemma real_max (T : finType) (f : T -> C) (x0 : T) : (forall i, f i \is Num.real) ->
  exists i, forall j, f j <= f i.
Proof.
move=> fr; have [|i hi] := @real_min _ (fun i => - f i) x0; first by move=> i; rewrite rpredN.
by exists i => j; have := hi j; rewrite ler_opp2.
Qed.

Lemma col_neq0 n (v : 'cV[C]_n) : v != 0 -> exists j, v j 0 != 0.
Proof.
move=> v0; apply/existsP; apply: contraNT v0 => /existsPn h; apply/eqP/matrixP => j k.
by rewrite ord1 [RHS]mxE; apply/eqP; rewrite -[_ == _]negbK h.
Qed.

(* Levy-Desplanques *)
Lemma LD n (A : 'M[C]_n) : (forall i, \sum_(j | j != i) `|A i j| < `|A i i|) -> A \in unitmx.
Proof.
move=> dom; rewrite unitmxE unitfE -det_tr; apply/negP => /det0P [v v0 vA].
have [j vj] : exists j, v 0 j != 0.
  have /col_neq0 [j] : v^T != 0 by rewrite -[0]trmx0; apply: contra_neq v0 => /trmx_inj.
  by rewrite mxE; exists j.
have [|i hi] := @real_max _ (fun i => `|v 0 i|) j; first by move=> i; apply: normr_real.
have vi : 0 < `|v 0 i| by apply: lt_le_trans (hi j); rewrite normr_gt0.
have E : A i i * v 0 i = - \sum_(k | k != i) A i k * v 0 k.
  have : \sum_k A i k * v 0 k = 0.
    by move/matrixP: vA => /(_ 0 i); rewrite !mxE => h; rewrite -[RHS]h; apply: eq_bigr => k _; rewrite mxE mulrC.
  by rewrite (bigD1 i) //= => /eqP; rewrite addr_eq0 => /eqP.
have : `|A i i| * `|v 0 i| <= (\sum_(k | k != i) `|A i k|) * `|v 0 i|.
  rewrite -normrM E normrN mulr_suml; apply: le_trans (ler_norm_sum _ _ _) _.
  by apply: ler_sum => k _; rewrite normrM ler_wpmul2l.
by rewrite ler_pmul2r // => /le_lt_trans /(_ (dom i)); rewrite ltxx.
Qed.

(* a strictly row dominant matrix has a positive left scaling that makes it column dominant *)
Lemma mmatrix n (a : 'I_n -> C) (b : 'I_n -> 'I_n -> C) :
  (forall i j, 0 <= b i j) -> (forall i, \sum_(j | j != i) b i j < a i) ->
  exists w : 'I_n -> C, (forall i, 0 < w i) /\ (forall j, \sum_(i | i != j) w i * b i j < w j * a j).
Proof.
move=> b0 dom.
have a0 i : 0 < a i by apply: le_lt_trans (dom i); apply: sumr_ge0.
pose K : 'M[C]_n := \matrix_(i, j) if i == j then a i else - b i j.
have uK : K \in unitmx.
  apply: LD => i; rewrite mxE eqxx gtr0_norm //; apply: le_lt_trans (dom i); apply: ler_sum => j /negPf ji.
  by rewrite mxE eq_sym ji normrN ger0_norm.
have br i j : (b i j)^* = b i j by apply/CrealP; rewrite ger0_real.
have ar i : (a i)^* = a i by apply/CrealP; rewrite ger0_real // ltW.
have Kr : map_mx conjC K = K.
  by apply/matrixP => i j; rewrite !mxE; case: ifP => _; rewrite ?rmorphN ?ar ?br.
pose L := invmx K.
have Lr i j : L i j \is Num.real.
  by apply/CrealP; have := map_invmx [rmorphism of conjC] K; rewrite /= Kr => /matrixP /(_ i j); rewrite mxE.
have L0 i j : 0 <= L i j.
  have [|k hk] := @real_min _ (fun k => L k j) i; first by move=> k; apply: Lr.
  apply: le_trans (hk i); rewrite real_leNgt ?real0 ?Lr //; apply/negP => Lk.
  have : 0 <= (K *m L) k j by rewrite mulmxV // mxE ler0n.
  apply/negP; rewrite -real_ltNge ?real0 //; last first.
    by rewrite mulmxV // mxE ger0_real // ler0n.
  rewrite mxE (bigD1 k) //= {1}/K mxE eqxx.
  apply: le_lt_trans (_ : a k * L k j + \sum_(i0 | i0 != k) - (b k i0 * L k j) < 0).
    rewrite ler_add2l; apply: ler_sum => l /negPf lk; rewrite /K mxE eq_sym lk mulNr ler_opp2.
    by rewrite ler_wpmul2l.
  by rewrite sumrN -mulr_suml -mulrBl nmulr_llt0 // subr_gt0.
pose w i := \sum_j L j i; exists w; split.
  move=> i; have : w i != 0.
    apply/negP => wi; have Li j : L j i = 0.
      by move: wi; rewrite psumr_eq0 // => /allP /(_ j (mem_index_enum _)) /eqP.
    have : (K *m L) i i = 0 by rewrite mxE big1 // => j _; rewrite Li mulr0.
    by rewrite mulmxV // mxE eqxx => /eqP; rewrite oner_eq0.
  by rewrite lt_def => ->; apply: sumr_ge0.
move=> j; rewrite -subr_gt0.
have <- : \sum_i (L *m K) i j = w j * a j - \sum_(i | i != j) w i * b i j; last first.
  rewrite mulVmx // (bigD1 j) //= mxE eqxx big1 ?addr0 ?ltr01 // => i /negPf ij; by rewrite mxE ij.
rewrite (eq_bigr (fun i => \sum_k L i k * K k j)); last by move=> i _; rewrite mxE.
rewrite exchange_big /= (bigD1 j) //= -mulr_suml {1}/K mxE eqxx; congr (_ + _).
rewrite -sumrN; apply: eq_bigr => k /negPf kj; by rewrite -mulr_suml /K mxE kj mulrN.
Qed.

End Dominance.
