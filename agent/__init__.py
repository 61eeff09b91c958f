"""The part that runs on a machine: reads, judges, signs, spools and delivers."""
