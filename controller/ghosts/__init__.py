"""Pages of what was disposed of, lost or stolen and was seen since (I11, O35)."""
