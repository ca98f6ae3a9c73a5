"""Vector fields in binary64, for the search and for pictures. UNTRUSTED: no theorem rests on them."""
