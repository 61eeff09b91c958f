"""The controller's side of the roots: the recovery key on paper, the signed lists, their changes
(O3)."""
