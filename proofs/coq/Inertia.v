(* Inertia by a Hermitian form (Ostrowski-Schneider): if P = P* and PA + A*P > 0, then A has as many eigenvalues to the right
   (left) of the imaginary axis as P has positive (negative) ones.  Induction on the size; no topology, no limits. *)
From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Local Open Scope ring_scope.

Section Inertia.
Variable C : numClosedFieldType.

(* the conjugate transpose *)
Definition ct m n (A : 'M[C]_(m, n)) : 'M[C]_(n, m) := (map_mx conjC A)^T.
Local Notation "A ^*t" := (ct A) (at level 2, format "A ^*t").

Lemma ctM m n p (A : 'M_(m, n)) (B : 'M_(n, p)) : (A *m B)^*t = B^*t *m A^*t.
Proof. by rewrite /ct map_mxM trmx_mul. Qed.
Lemma ctK m n (A : 'M_(m, n)) : (A^*t)^*t = A.
Proof. by apply/matrixP => i j; rewrite !mxE conjCK. Qed.
Lemma ctD m n (A B : 'M_(m, n)) : (A + B)^*t = A^*t + B^*t.
Proof. by apply/matrixP => i j; rewrite !mxE rmorphD. Qed.
Lemma ctN m n (A : 'M_(m, n)) : (- A)^*t = - A^*t.
Proof. by apply/matrixP => i j; rewrite !mxE rmorphN. Qed.
Lemma ct0 m n : (0 : 'M_(m, n))^*t = 0.
Proof. by apply/matrixP => i j; rewrite !mxE rmorph0. Qed.
Lemma ct1 n : (1%:M : 'M_n)^*t = 1%:M.
Proof. by apply/matrixP => i j; rewrite !mxE rmorph_nat eq_sym. Qed.
Lemma ctZ m n a (A : 'M_(m, n)) : (a *: A)^*t = a^* *: A^*t.
Proof. by apply/matrixP => i j; rewrite !mxE rmorphM. Qed.
Lemma ct_scal n a : (a%:M : 'M_n)^*t = (a^*)%:M.
Proof. by apply/matrixP => i j; rewrite !mxE rmorphMn eq_sym. Qed.
Lemma ct_block m1 m2 n1 n2 (a : 'M_(m1, n1)) (b : 'M_(m1, n2)) (c : 'M_(m2, n1)) (d : 'M_(m2, n2)) :
  (block_mx a b c d)^*t = block_mx a^*t c^*t b^*t d^*t.
Proof. by rewrite /ct map_block_mx tr_block_mx. Qed.
Lemma ct_col m1 m2 n (a : 'M_(m1, n)) (b : 'M_(m2, n)) : (col_mx a b)^*t = row_mx a^*t b^*t.
Proof. by rewrite /ct map_col_mx tr_col_mx. Qed.

(* positive definite *)
Definition pdef n (Q : 'M[C]_n) := forall v : 'cV_n, v != 0 -> 0 < (v^*t *m Q *m v) 0 0.

Lemma pdef_congr n (Q T : 'M[C]_n) : T \in unitmx -> pdef Q -> pdef (T^*t *m Q *m T).
Proof.
move=> uT pQ v v0.
have: T *m v != 0 by apply: contra_neq v0 => Tv; rewrite -[v](mulKmx uT) Tv mulmx0.
by move=> /pQ; rewrite ctM !mulmxA.
Qed.

Lemma pdef_dr m n (q : 'M[C]_m) a b (Q : 'M_n) : pdef (block_mx q a b Q) -> pdef Q.
Proof.
move=> pQ v v0; have: col_mx (0 : 'cV_m) v != 0.
  by apply: contra_neq v0; rewrite -[0 in RHS]col_mx0 => /eq_col_mx [].
by move=> /pQ; rewrite ct_col ct0 mul_row_block !mul0mx !add0r mul_row_col mulmx0 add0r.
Qed.

Lemma pdef_ul n (q : 'M[C]_1) a b (Q : 'M_n) : pdef (block_mx q a b Q) -> 0 < q 0 0.
Proof.
move=> pQ; have: col_mx (1%:M : 'M[C]_1) (0 : 'cV_n) != 0.
  apply/negP => /eqP /matrixP /(_ (lshift _ 0) 0); rewrite col_mxEu !mxE => /eqP; by rewrite oner_eq0.
by move=> /pQ; rewrite ct_col ct0 ct1 mul_row_block !mul0mx !addr0 mul_row_col mulmx0 addr0 mulmx1 mul1mx.
Qed.

Lemma char_poly_sim n (T A : 'M[C]_n) : T \in unitmx -> char_poly (invmx T *m A *m T) = char_poly A.
Proof.
move=> uT; rewrite /char_poly /char_poly_mx.
have -> : 'X%:M - map_mx polyC (invmx T *m A *m T) =
  map_mx polyC (invmx T) *m ('X%:M - map_mx polyC A) *m map_mx polyC T.
  rewrite mulmxBr mulmxBl !map_mxM; congr (_ - _).
  by rewrite scalar_mxC -mulmxA -map_mxM mulVmx // map_mx1 mulmx1.
by rewrite !det_mulmx mulrC mulrA -det_mulmx -map_mxM mulmxV // map_mx1 det1 mul1r.
Qed.

Lemma char_poly_ub m n (a : 'M[C]_m) b (d : 'M_n) :
  char_poly (block_mx a b 0 d) = char_poly a * char_poly d.
Proof.
rewrite /char_poly -(det_ublock _ (- map_mx polyC b)) /char_poly_mx; congr (\det _).
by rewrite map_block_mx map_mx0 scalar_mx_block opp_block_mx add_block_mx oppr0 !add0r.
Qed.

Lemma diag1 (s : 'M[C]_1) : diag_mx s = s.
Proof. by apply/matrixP => i j; rewrite !ord1 mxE eqxx. Qed.

Lemma lyap_congr n (T A P : 'M[C]_n) : T \in unitmx ->
  let A1 := invmx T *m A *m T in let P1 := T^*t *m P *m T in
  P1 *m A1 + A1^*t *m P1 = T^*t *m (P *m A + A^*t *m P) *m T.
Proof.
move=> uT A1 P1; have i1 : (invmx T)^*t *m T^*t = 1%:M by rewrite -ctM mulmxV // ct1.
rewrite mulmxDr mulmxDl /A1 /P1 !ctM !mulmxA mulmxK // -!mulmxA; congr (_ + _).
by rewrite (mulmxA (invmx T)^*t) i1 mul1mx.
Qed.

Lemma char_poly11 (x : C) : char_poly (x%:M : 'M_1) = 'X - x%:P.
Proof. by rewrite /char_poly det_mx11 !mxE eqxx !mulr1n. Qed.

(* P = P*, PA + A*P > 0: A and P are brought to triangular and diagonal form at once, with Re lambda_i of the sign of s_i *)
Lemma inertia n (A P : 'M[C]_n) : P^*t = P -> pdef (P *m A + A^*t *m P) ->
  exists T : 'M[C]_n, exists lam s : 'rV[C]_n,
  [/\ T \in unitmx, T^*t *m P *m T = diag_mx s,
      char_poly A = \prod_i ('X - (lam 0 i)%:P)
    & forall i, s 0 i \is Num.real /\ 0 < s 0 i * 'Re (lam 0 i)].
Proof.
elim: n A P => [|n IH] A P hP pQ.
  exists 1%:M, 0, 0; split; rewrite ?unitmx1 ?big_ord0 //.
  - by apply/matrixP => [[]].
  - by rewrite /char_poly det_mx00.
  - by case.
(* an eigenvector as the first vector of a basis T1 *)
have [x xP] : exists x, eigenvalue A^T x.
  have /closed_rootP [x rx] : size (char_poly A^T) != 1%N by rewrite size_char_poly.
  by exists x; rewrite eigenvalue_root_char.
have {xP} /eigenvalueP [v vA v0] := xP.
pose e : 'M[C]_(1 + n, 1) := v^T.
have Ae : (A : 'M_(1 + n)) *m e = x *: e by rewrite -[A]trmxK -trmx_mul vA linearZ.
have re : \rank e = 1%N by rewrite mxrank_tr rank_rV v0.
pose T1 : 'M[C]_(1 + n) := col_ebase e.
have uT1 : T1 \in unitmx by apply: col_ebase_unit.
pose f : 'M[C]_(1 + n, 1) := col_mx 1%:M 0.
have fE : T1 *m f = e *m invmx (row_ebase e).
  rewrite -{1}(mulmx_ebase e) mulmxK ?row_ebase_unit // re; congr (_ *m _).
  apply/matrixP => i j; rewrite !ord1 /f -[i]splitK; case: split => k /=.
    by rewrite col_mxEu !mxE !ord1.
  by rewrite col_mxEd !mxE.
pose A1 : 'M[C]_(1 + n) := invmx T1 *m A *m T1.
have A1f : A1 *m f = x *: f.
  by rewrite /A1 -!mulmxA fE (mulmxA A e) Ae -scalemxAl -scalemxAr -fE mulKmx.
pose A' := drsubmx A1; pose a := ursubmx A1.
have A1E : A1 = block_mx x%:M a 0 A'.
  rewrite -[LHS]submxK; move: A1f; rewrite -{1}[A1]submxK /f mul_block_col !mulmx1 !mulmx0 !addr0.
  rewrite -mul_scalar_mx mul_scalar_mx scale_col_mx scaler0 scalemx1 => /eq_col_mx [-> ->] //.
have fT0 : T1 *m f != 0.
  apply: contra_neq v0 => Tf; have := mulKmx uT1 f; rewrite Tf mulmx0 => /esym f0.
  have := mulmxA A1 f (1%:M); rewrite f0; move: f0; rewrite /f -[0 in RHS]col_mx0 => /eq_col_mx [/matrixP /(_ 0 0)].
  by rewrite !mxE => /eqP; rewrite oner_eq0.
pose P1 : 'M[C]_(1 + n) := T1^*t *m P *m T1.
have hP1 : P1^*t = P1 by rewrite /P1 !ctM ctK hP mulmxA.
pose p := (ulsubmx P1) 0 0; pose b := ursubmx P1.
have P1E : P1 = block_mx p%:M b b^*t (drsubmx P1).
  rewrite -[LHS]submxK -mx11_scalar; congr block_mx.
  by rewrite -{1}hP1 -[P1 in LHS]submxK ct_block block_mxKdl.
have pr : p^* = p.
  have := hP1; rewrite {1}P1E ct_block [in RHS]P1E => /eq_block_mx [+ _ _ _].
  by rewrite ct_scal => /matrixP /(_ 0 0); rewrite !mxE !mulr1n.
have Qul : 0 < p * (x + x^*).
  have := pdef_congr uT1 pQ; rewrite -lyap_congr // -/A1 -/P1 A1E P1E ct_block !mulmx_block add_block_mx.
  move=> /pdef_ul; rewrite ct0 !mulmx0 !mul0mx !addr0 ct_scal -!scalar_mxM -raddfD /= !mxE mulr1n.
  by rewrite mulrDr [_ * p]mulrC.
have p0 : p != 0 by apply: contraTneq Qul => ->; rewrite mul0r ltxx.
pose U : 'M[C]_(1 + n) := block_mx 1%:M (- p^-1 *: b) 0 1%:M.
have uU : U \in unitmx by rewrite unitmxE det_ublock !det1 mulr1 unitr1.
pose a2 := x *: (- p^-1 *: b) + a + p^-1 *: b *m A'.
have UA : invmx U *m A1 *m U = block_mx x%:M a2 0 A'.
  have -> : invmx U *m A1 *m U = invmx U *m (U *m block_mx x%:M a2 0 A'); last by rewrite mulKmx.
  rewrite -mulmxA; congr (_ *m _); rewrite A1E /U !mulmx_block !mulmx0 !mul0mx !mulmx1 !mul1mx !addr0 !add0r.
  by rewrite mul_scalar_mx /a2 !scaleNr mulNmx addrK.
pose P' := b^*t *m (- p^-1 *: b) + drsubmx P1.
have UP : U^*t *m P1 *m U = block_mx p%:M 0 0 P'.
  rewrite -mulmxA P1E /U ct_block !mulmx_block !ct1 !ct0 !mulmx0 !mul0mx !mulmx1 !mul1mx !addr0.
  rewrite mul_scalar_mx scalerA mulrN mulfV // scaleN1r addNr mulmx0 !add0r; congr block_mx.
  by rewrite ctZ rmorphN fmorphV pr mul_mx_scalar scalerA mulrN mulfV // scaleN1r addNr.
pose T0 : 'M[C]_(1 + n) := T1 *m U.
have uT0 : T0 \in unitmx by rewrite unitmx_mul uT1 uU.
have T0A : invmx T0 *m A *m T0 = block_mx x%:M a2 0 A'.
  have h1 : A *m T1 = T1 *m A1 by rewrite /A1 !mulmxA mulmxV // mul1mx.
  have h2 : A1 *m U = U *m block_mx x%:M a2 0 A' by rewrite -UA !mulmxA mulmxV // mul1mx.
  rewrite -[RHS](mulKmx uT0) -mulmxA; congr (_ *m _).
  by rewrite /T0 [LHS]mulmxA h1 -[LHS]mulmxA h2 mulmxA.
have T0P : T0^*t *m P *m T0 = block_mx p%:M 0 0 P' by rewrite /T0 ctM -UP /P1 !mulmxA.
clearbody T0.
have pQ' : pdef (P' *m A' + A'^*t *m P').
  have := pdef_congr uT0 pQ; rewrite -lyap_congr // T0A T0P ct_block !mulmx_block add_block_mx => /pdef_dr.
  by rewrite ?ct0 !mulmx0 !mul0mx !add0r.
have hP' : P'^*t = P'.
  have h : (T0^*t *m P *m T0)^*t = T0^*t *m P *m T0 by rewrite !ctM ctK hP mulmxA.
  by move: h; rewrite T0P ct_block => /eq_block_mx [].
have [T' [lam [s [uT' T'P cA' ls]]]] := IH _ _ hP' pQ'.
pose B : 'M[C]_(1 + n) := block_mx 1%:M 0 0 T'.
have TB : (T0 *m B)^*t *m P *m (T0 *m B) = B^*t *m (T0^*t *m P *m T0) *m B.
  by rewrite (ctM T0 B) !mulmxA.
exists (T0 *m B), (row_mx x%:M lam), (row_mx p%:M s); split.
- rewrite unitmx_mul uT0 /= unitmxE (_ : \det _ = \det T'); first by rewrite -unitmxE.
  by rewrite (det_ublock (1%:M : 'M[C]_1)) det1 mul1r.
- rewrite TB T0P /B ct_block !mulmx_block.
  rewrite !ct0 ct1 !mulmx0 !mul0mx !mulmx1 !mul1mx !addr0 !add0r T'P.
  by have := diag_mx_row (p%:M : 'rV[C]_1) s; rewrite diag1 mul0mx => ->.
- transitivity (char_poly (invmx T0 *m A *m T0)); first exact/esym/char_poly_sim.
  rewrite T0A char_poly_ub cA' big_ord_recl; congr (_ * _).
    rewrite char_poly11; congr ('X - _%:P).
    have E : row_mx (x%:M : 'M_1) lam 0 (lshift n (0 : 'I_1)) = x by rewrite row_mxEl mxE mulr1n.
    by rewrite -[LHS]E; congr (row_mx _ _ _ _); apply: val_inj.
  apply: eq_bigr => i _; congr ('X - _%:P); rewrite -(row_mxEr (x%:M : 'M_1)).
  by congr (row_mx _ _ _ _); apply: val_inj.
- have Er (y : C) (l : 'rV[C]_n) k : (row_mx (y%:M : 'M_1) l : 'rV_n.+1) 0 (rshift 1 k) = l 0 k by exact: row_mxEr.
  have El (y : C) (l : 'rV[C]_n) (k : 'I_1) : (row_mx (y%:M : 'M_1) l : 'rV_n.+1) 0 (lshift n k) = y.
    by rewrite [LHS]row_mxEl !ord1 mxE mulr1n.
  move=> i; have [k ->|k ->] := split_ordP (i : 'I_(1 + n)); last by rewrite !Er; apply: ls.
  rewrite !El; split; first by apply/CrealP.
  by rewrite ReE mulrA divr_gt0 // ltr0n.
Qed.
End Inertia.
