(* The integers of the computation as complex numbers: phi is a ring homomorphism that respects the order; moduli; sums; products
   of matrices given as lists. *)
From Coq Require Import ZArith QArith Lia.
From Bignums Require Import BigZ.
From mathcomp Require Import all_ssreflect all_algebra ssrZ.
From Proofgen Require Import Isolation Statement Checker.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import GRing.Theory Num.Theory Order.Theory.
Delimit Scope Z_scope with Z.
Delimit Scope bigZ_scope with bigZ.
Local Open Scope ring_scope.

Section Integers.
Variable C : numClosedFieldType.

Definition ofZ (z : Z) : C := (int_of_Z z)%:~R.
Lemma ofZD x y : ofZ (x + y)%Z = ofZ x + ofZ y.
Proof. by rewrite /ofZ -rmorphD -raddfD. Qed.
Lemma ofZM x y : ofZ (x * y)%Z = ofZ x * ofZ y.
Proof. by rewrite /ofZ -rmorphM -[(x * y)%Z]/(x * y : Z) -rmorphM. Qed.
Lemma ofZN x : ofZ (- x)%Z = - ofZ x.
Proof. by rewrite /ofZ -rmorphN -raddfN. Qed.
Lemma ofZB x y : ofZ (x - y)%Z = ofZ x - ofZ y.
Proof. by rewrite -Z.add_opp_r ofZD ofZN. Qed.
Lemma ofZ_real x : ofZ x \is Num.real. Proof. exact: realz. Qed.
Lemma ofZ_ge0 x : Z.le 0 x -> 0 <= ofZ x.
Proof. by case: x => [|p|p] //= h; rewrite /ofZ /= -?pmulrn ?ler0n //; case: h. Qed.
Lemma ofZ_gt0 x : Z.lt 0 x -> 0 < ofZ x.
Proof. by case: x => [|p|p] h //; rewrite /ofZ /= -pmulrn ltr0n; apply/ssrnat.ltP/Pos2Nat.is_pos. Qed.

Definition phi (x : bigZ) : C := ofZ (BigZ.to_Z x).
Lemma phiD x y : phi (x + y)%bigZ = phi x + phi y. Proof. by rewrite /phi BigZ.spec_add ofZD. Qed.
Lemma phiM x y : phi (x * y)%bigZ = phi x * phi y. Proof. by rewrite /phi BigZ.spec_mul ofZM. Qed.
Lemma phiB x y : phi (x - y)%bigZ = phi x - phi y. Proof. by rewrite /phi BigZ.spec_sub ofZB. Qed.
Lemma phiN x : phi (- x)%bigZ = - phi x. Proof. by rewrite /phi BigZ.spec_opp ofZN. Qed.
Lemma phi0 : phi 0%bigZ = 0. Proof. by []. Qed.
Lemma phi1 : phi 1%bigZ = 1. Proof. by []. Qed.
Lemma phi2 : phi 2%bigZ = 2%:R. Proof. by []. Qed.
Lemma phi3 : phi 3%bigZ = 3%:R. Proof. by []. Qed.
Lemma phi_ofZ z : phi (BigZ.of_Z z) = ofZ z. Proof. by rewrite /phi BigZ.spec_of_Z. Qed.
Lemma phi_real x : phi x \is Num.real. Proof. exact: ofZ_real. Qed.

Lemma phi_le x y : (x <=? y)%bigZ -> phi x <= phi y.
Proof.
rewrite BigZ.spec_leb => /Z.leb_le h; rewrite -subr_ge0 /phi -ofZB; apply: ofZ_ge0; exact: Zle_minus_le_0.
Qed.
Lemma phi_lt x y : (x <? y)%bigZ -> phi x < phi y.
Proof. by rewrite BigZ.spec_ltb => /Z.ltb_lt h; rewrite -subr_gt0 /phi -ofZB ofZ_gt0 //; apply/Z.lt_0_sub. Qed.
Lemma phi_eq x y : (x =? y)%bigZ -> phi x = phi y.
Proof. by rewrite BigZ.spec_eqb /phi => /Z.eqb_eq ->. Qed.
Lemma phi_ltE x y : (phi x < phi y) = (x <? y)%bigZ.
Proof.
apply/idP/idP; last exact: phi_lt.
apply: contraTT => h; rewrite -real_leNgt ?phi_real // phi_le // BigZ.spec_leb.
by move: h; rewrite BigZ.spec_ltb => /negP h; apply/Z.leb_le/Z.nlt_ge => k; apply: h; apply/Z.ltb_lt.
Qed.
Lemma phi_ge0 x : (0 <=? x)%bigZ -> 0 <= phi x. Proof. by move=> /phi_le; rewrite phi0. Qed.
Lemma phi_gt0 x : (0 <? x)%bigZ -> 0 < phi x. Proof. by move=> /phi_lt; rewrite phi0. Qed.
Lemma phi_abs x : phi (BigZ.abs x) = `|phi x|.
Proof.
rewrite /phi BigZ.spec_abs; case: (Z.le_gt_cases 0 (BigZ.to_Z x)) => h.
  by rewrite Z.abs_eq // ger0_norm // ofZ_ge0.
rewrite Z.abs_neq ?ofZN; last exact: Z.lt_le_incl.
by rewrite ler0_norm // -oppr_ge0 -ofZN ofZ_ge0 //; lia.
Qed.

Lemma phi_sum n f : phi (sumZ n f) = \sum_(i < n) phi (f i).
Proof.
rewrite -(big_mkord xpredT (fun i => phi (f i))) /index_iota subn0 /sumZ.
by elim: (iota 0 n) => [|i s IH]; rewrite ?big_nil ?big_cons //= phiD IH.
Qed.
Lemma phi_sum_except n k f : phi (sumZ n (except k f)) = \sum_(i < n | i != k :> nat) phi (f i).
Proof.
rewrite phi_sum [RHS]big_mkcond; apply: eq_bigr => i _; rewrite /except.
by case: (_ == _).
Qed.

Lemma allbP n (p : nat -> bool) : allb n p -> forall i : 'I_n, p i.
Proof. by move=> /allP h i; apply: h; rewrite mem_iota /=. Qed.
Lemma cnt_card n (p : nat -> bool) : cnt n p = #|[pred i : 'I_n | p i]|.
Proof. by rewrite /cnt cardE /enum_mem size_filter -val_enum_ord count_map enumT; exact: eq_count. Qed.

(* ---------------------------------------------------------------- complex integers *)
Definition cx (a b : bigZ) : C := phi a + 'i * phi b.
Lemma cxRe a b : 'Re (cx a b) = phi a. Proof. exact: Re_rect (phi_real _) (phi_real _). Qed.
Lemma cxIm a b : 'Im (cx a b) = phi b. Proof. exact: Im_rect (phi_real _) (phi_real _). Qed.
Lemma cxB a b c d : cx a b - cx c d = cx (a - c)%bigZ (b - d)%bigZ.
Proof. by rewrite /cx !phiB mulrBr opprD addrACA. Qed.
Lemma cmul (a b c d : C) : (a + 'i * b) * (c + 'i * d) = (a * c - b * d) + 'i * (a * d + b * c).
Proof.
rewrite mulrDl !mulrDr (mulrCA a 'i d) -['i * b * c]mulrA (mulrACA 'i b) -expr2 sqrCi mulN1r.
by rewrite [X in _ + X = _]addrC addrACA.
Qed.
Lemma cxM a b c d : cx a b * cx c d = cx (a * c - b * d)%bigZ (a * d + b * c)%bigZ.
Proof. by rewrite /cx cmul !(phiB, phiD, phiM). Qed.
Lemma cxC a b : (cx a b)^* = cx a (- b)%bigZ.
Proof. by rewrite /cx rmorphD rmorphM /= conjCi !(CrealP (phi_real _)) phiN mulNr mulrN. Qed.
Lemma cx_norm2 a b : `|cx a b| ^+ 2 = phi (a * a + b * b)%bigZ.
Proof. by rewrite normC2_Re_Im cxRe cxIm phiD !phiM !expr2. Qed.

Lemma modulus_le a b : `|cx a b| <= phi (modulus a b).
Proof.
have [m0 m1] : (0 <=? modulus a b)%bigZ /\ (a * a + b * b <=? modulus a b * modulus a b)%bigZ.
  rewrite !BigZ.spec_leb /modulus !(BigZ.spec_add, BigZ.spec_mul, BigZ.spec_max, BigZ.spec_min, BigZ.spec_abs, BigZ.spec_div).
  rewrite (_ : BigZ.to_Z 0 = Z0) // (_ : BigZ.to_Z 2 = 2%Z) // (_ : BigZ.to_Z 1 = 1%Z) //.
  move: (BigZ.to_Z a) (BigZ.to_Z b) => {a b} a b.
  have ha := Z.abs_square a; have hb := Z.abs_square b; have pa := Z.abs_nonneg a; have pb := Z.abs_nonneg b.
  rewrite -ha -hb; move: (Z.abs a) (Z.abs b) pa pb => x y px py {ha hb}.
  have := Z.div_mod (Z.min x y) 2; have := Z.mod_pos_bound (Z.min x y) 2.
  move: (Z.div (Z.min x y) 2) (Z.modulo (Z.min x y) 2) => h r h1 h2.
  have [h3 h4] := h1 erefl; have h5 := h2 ltac:(discriminate).
  case: (Z.le_ge_cases x y) => h6.
    rewrite (Z.max_r _ _ h6); rewrite (Z.min_l _ _ h6) in h5; split; apply/Z.leb_le; nia.
  rewrite (Z.max_l _ _ h6); rewrite (Z.min_r _ _ h6) in h5; split; apply/Z.leb_le; nia.
by rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?phi_ge0 // cx_norm2 expr2 -phiM phi_le.
Qed.

Lemma at_most_le a b l : at_most a b l -> `|cx a b| <= phi l.
Proof.
by move=> /andP [h0 h]; rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?phi_ge0 // cx_norm2 expr2 -phiM phi_le.
Qed.

Lemma at_least_le l a b : at_least l a b -> phi l <= `|cx a b|.
Proof.
move=> h; have [l0|l0] := real_leP (phi_real l) (real0 C); first exact: le_trans l0 (normr_ge0 _).
rewrite -(@ler_pexpn2r _ 2) ?nnegrE ?(ltW l0) // cx_norm2 expr2 -phiM phi_le //.
have {l0} : (0 <? l)%bigZ by rewrite -phi_ltE phi0.
move: h; rewrite /at_least !(BigZ.spec_leb, BigZ.spec_ltb, BigZ.spec_add, BigZ.spec_mul, BigZ.spec_max, BigZ.spec_min, BigZ.spec_abs).
rewrite (_ : BigZ.to_Z 0 = Z0) // (_ : BigZ.to_Z 3 = 3%Z) // (_ : BigZ.to_Z 4 = 4%Z) // (_ : BigZ.to_Z 5 = 5%Z) //.
rewrite (_ : BigZ.to_Z 12 = 12%Z) // (_ : BigZ.to_Z 13 = 13%Z) //.
move: (BigZ.to_Z a) (BigZ.to_Z b) (BigZ.to_Z l) => {a b l} a b l h /Z.ltb_lt l0; apply/Z.leb_le.
have ha := Z.abs_square a; have hb := Z.abs_square b; have pa := Z.abs_nonneg a; have pb := Z.abs_nonneg b.
move: h; rewrite -ha -hb; move: (Z.abs a) (Z.abs b) pa pb => x y px py {ha hb}.
have [X [Y [-> -> -> Y0]]] : exists X Y, [/\ Z.max x y = X, Z.min x y = Y, (x * x + y * y = X * X + Y * Y)%Z & Z.le 0 Y /\ Z.le Y X].
  case: (Z.le_ge_cases x y) => h6; [exists y, x|exists x, y].
    by rewrite Z.max_r // Z.min_l //; split=> //; lia.
  by rewrite Z.max_l // Z.min_r.
case: Y0 => Y0 YX; have Y2 := Z.square_nonneg Y.
have sq u v : Z.le 0 u -> Z.le u v -> Z.le (u * u) (v * v) by move=> h1 h2; apply: Z.mul_le_mono_nonneg.
move=> /or3P [] /Z.leb_le h.
- by have := sq l X ltac:(lia) h; lia.
- by have := sq (5 * l)%Z _ ltac:(lia) h; have := Z.square_nonneg (3 * X - 4 * Y)%Z; lia.
- by have := sq (13 * l)%Z _ ltac:(lia) h; have := Z.square_nonneg (5 * X - 12 * Y)%Z; lia.
Qed.

(* ---------------------------------------------------------------- lists *)
Lemma dot_sum n u v : size u = n -> size v = n ->
  phi (dot u v) = \sum_(k < n) phi (nth 0%bigZ u k) * phi (nth 0%bigZ v k).
Proof.
elim: u v n => [|x u IH] [|y v] [|n] //=; first by rewrite big_ord0.
by move=> [su] [sv]; rewrite phiD phiM big_ord_recl /=; congr (_ + _); apply: IH.
Qed.

Lemma wf_size n A i : wf n A -> (i < n)%N -> size (nth [::] A i) = n.
Proof. by move=> /andP [/eqP sA /(all_nthP [::]) h] ni; apply/eqP; apply: h; rewrite sA. Qed.

(* products by rows: a row equal to the one before it, or opposite, has the same products, or their negatives *)
Local Notation product n a b := (\sum_(k < n) phi (nth 0%bigZ a k) * phi (nth 0%bigZ b k)).
Lemma all2_nth (p : bigZ -> bigZ -> bool) u v : all2 p u v -> size u = size v /\ forall k, (k < size v)%N -> p (nth 0%bigZ u k) (nth 0%bigZ v k).
Proof.
elim: u v => [|x u IH] [|y v] //= /andP [pxy /IH [-> h]]; split=> //.
by case=> [|k] //; apply: h.
Qed.
Variant relate_spec n (u v : seq bigZ) : relation -> Prop :=
  | RelateSame of size u = n & (forall k : 'I_n, phi (nth 0%bigZ v k) = phi (nth 0%bigZ u k)) : relate_spec n u v Same
  | RelateOpposite of size u = n & (forall k : 'I_n, phi (nth 0%bigZ v k) = - phi (nth 0%bigZ u k)) : relate_spec n u v Opposite
  | RelateOther : relate_spec n u v Other.
Lemma relateP n u v : size v = n -> relate_spec n u v (relate u v).
Proof.
move=> sv; rewrite /relate; case: ifP => [/all2_nth [su h]|_].
  by constructor; [rewrite su|move=> k; rewrite (phi_eq (h k _)) // sv].
case: ifP => [/all2_nth [su h]|_]; last by constructor.
by constructor; [rewrite su|move=> k; rewrite -(phi_eq (h k _)) ?phiN // sv].
Qed.

Lemma dots_entry n a u d B : size a = n -> all (fun r => size r == n) B -> (size u = n -> phi d = product n a u) ->
  size (dots a d (related u B)) = size B /\
  forall j, (j < size B)%N -> phi (nth 0%bigZ (dots a d (related u B)) j) = product n a (nth [::] B j).
Proof.
move=> sa; elim: B u d => //= b B IH u d /andP [/eqP sb sB] hd.
set d' := match relate u b with Other => _ | Same => _ | Opposite => _ end.
have hd' : phi d' = product n a b.
  rewrite /d'; case: (relateP u sb) => [su h|su h|]; last by apply: dot_sum.
    by rewrite hd //; apply: eq_bigr => k _; rewrite h.
  by rewrite phiN hd // -sumrN; apply: eq_bigr => k _; rewrite h mulrN.
have [sz h] := IH b d' sB (fun _ => hd'); split; first by rewrite sz.
by case=> [|j] //=; apply: h.
Qed.

Lemma outer_rows_entry n u ds A B : (0 < n)%N -> all (fun r => size r == n) A -> wf n B ->
  (size u = n -> size ds = n /\ forall j, (j < n)%N -> phi (nth 0%bigZ ds j) = product n u (nth [::] B j)) ->
  let C := outer_rows ds (related u A) (related [::] B) in
  size C = size A /\ forall i, (i < size A)%N -> size (nth [::] C i) = n /\
    forall j, (j < n)%N -> phi (entry C i j) = product n (nth [::] A i) (nth [::] B j).
Proof.
move=> n0 + /andP [/eqP sB rB]; elim: A u ds => //= a A IH u ds /andP [/eqP sa sA] hd.
set ds' := match relate u a with Other => _ | Same => _ | Opposite => _ end.
have hd' : size ds' = n /\ forall j, (j < n)%N -> phi (nth 0%bigZ ds' j) = product n a (nth [::] B j).
  rewrite /ds'; case: (relateP u sa) => [su h|su h|].
  - have [sd hds] := hd su; split=> // j /hds ->.
    by apply: eq_bigr => k _; rewrite h.
  - have [sd hds] := hd su; split; first by rewrite size_map.
    move=> j jn; rewrite (nth_map 0%bigZ) ?sd // phiN hds // -sumrN.
    by apply: eq_bigr => k _; rewrite h mulNr.
  have [|sz h] := @dots_entry n a [::] 0%bigZ B sa rB; first by move=> e; rewrite -e in n0.
  by rewrite sz; split=> // j; rewrite -{1}sB; apply: h.
have [sz h] := IH a ds' sA (fun _ => hd'); split; first by rewrite sz.
by case=> [|i] //=; apply: h.
Qed.

Lemma outer_entry n A B i j : wf n A -> wf n B -> (i < n)%N -> (j < n)%N ->
  phi (entry (outer A B) i j) = \sum_(k < n) phi (entry A i k) * phi (entry B j k).
Proof.
move=> /andP [/eqP sA rA] wB ni nj; have n0 : (0 < n)%N by apply: leq_ltn_trans ni.
have [|_ /(_ i)] := @outer_rows_entry n [::] [::] A B n0 rA wB; first by move=> e; rewrite -e in n0.
by rewrite sA => /(_ ni) [_ /(_ j nj)].
Qed.

Lemma outer_wf n A B : wf n A -> wf n B -> wf n (outer A B).
Proof.
case: n => [|n]; first by move=> /andP [/nilP -> _].
move=> /andP [/eqP sA rA] wB; have [|sz h] := @outer_rows_entry n.+1 [::] [::] A B erefl rA wB; first by [].
by rewrite /wf sz sA eqxx; apply/(all_nthP [::]) => i; rewrite sz => /h [-> _].
Qed.

Lemma lookE n f (i : 'I_n) : look n f i = f i.
Proof. by rewrite /look (nth_map 0%N) ?size_iota // nth_iota. Qed.

Lemma weighted_sum n A f l : wf n A -> (l < n)%N -> phi (nth 0%bigZ (weighted n A f) l) = \sum_(k < n) phi (entry A l k) * phi (f k).
Proof.
move=> wA ln; have /andP [/eqP sA _] := wA; rewrite (nth_map [::]) ?sA // (@dot_sum n) ?size_map ?size_iota ?(wf_size wA) //.
by apply: eq_bigr => k _; rewrite (nth_map 0%N) ?size_iota // nth_iota.
Qed.

Lemma tab2_wf n f : wf n (tab2 n f).
Proof.
rewrite /wf size_map size_iota eqxx /= all_map; apply/allP => i _ /=.
by rewrite size_map size_iota.
Qed.
Lemma tab2_entry n f i j : (i < n)%N -> (j < n)%N -> entry (tab2 n f) i j = f i j.
Proof. by move=> ni nj; rewrite /entry (nth_map 0%N) ?size_iota // (nth_map 0%N) ?size_iota // !nth_iota. Qed.
End Integers.
Global Opaque phi.
