#!/bin/sh
# Compile the development and compare the axioms of its theorems with AXIOMS: sh proofs/coq/build.sh
# It is written for the versions of Debian 12; with others it stops at once.  PACKAGES lists them: apt-get install $(cut -d' ' -f1 PACKAGES)
set -eu
cd "$(dirname "$0")"

command -v coqc >/dev/null || { echo "coqc is missing; on Debian 12: apt-get install" $(cut -d' ' -f1 PACKAGES) >&2; exit 2; }
version=$(coqc --print-version | cut -d' ' -f1)
[ "$version" = 8.16.1 ] || { echo "Coq $version is installed; the development is written for 8.16.1" >&2; exit 2; }
if command -v dpkg-query >/dev/null; then
    while read -r package expected; do
        found=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || echo none)
        case "$found" in
            "$expected"*) ;;
            *) echo "$package: version $found is installed, $expected is expected" >&2; exit 2 ;;
        esac
    done <PACKAGES
fi

for file in $(cat ORDER); do
    # a file is compiled again if it, or one before it, is newer than its result
    if [ -z "${again-}" ] && [ "$file.vo" -nt "$file.v" ]; then continue; fi
    again=1
    echo "coqc $file.v"
    timeout 900 coqc -w none -Q . Proofgen "$file.v"
done

# what the theorems rest on is asked again where a file has been compiled again
if [ -n "${again-}" ] || [ ! AXIOMS.found -nt Correct.vo ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    cat >"$folder/axioms.v" <<END
From Coq Require Import ZArith QArith.
From mathcomp Require Import all_ssreflect.
From Proofgen Require Import Statement Checker Correct.
Print Assumptions check_correct.
Print Assumptions check_box_correct.
END
    coqc -w none -Q . Proofgen "$folder/axioms.v" >"$folder/printed"
    # names stand at the beginning of a line, their types are indented
    sed -n '/^Axioms:$/d; s/^\([^ ][^ ]*\).*/\1/p' "$folder/printed" | LC_ALL=C sort -u >"$folder/found"
    mv "$folder/found" AXIOMS.found
fi
if ! diff AXIOMS AXIOMS.found; then
    echo "the axioms of the theorems are not those listed in AXIOMS" >&2
    exit 1
fi
cat AXIOMS
echo "check_correct and check_box_correct are proved from the $(wc -l <AXIOMS) axioms above, those listed in AXIOMS"
