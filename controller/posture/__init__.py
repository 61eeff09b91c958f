"""How safe the school is today: the overview a head teacher reads at a glance."""
