"""What the controller judges on its own records: the register, sheets of tablets, licences.

No agent reads these facts and none travels on the wire; the controller gathers them. Judges, words
and thresholds have the shape of every other check, and a school sets them the same way.
"""
