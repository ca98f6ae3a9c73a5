"""Pictures of what a bundle proves, as vector PDF (needs matplotlib, the extra ``figures``).

What is drawn as proved comes from the certificates; curves computed in binary64 are called numerical in their
captions. No module of a proof imports this package.
"""
