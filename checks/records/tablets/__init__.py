"""Are iPads, Chromebooks and phones managed, supported and locked, as the management (MDM) says?"""
