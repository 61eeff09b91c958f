"""Which entry of the register a computer is: marks, matching, doubts, and two entries made one."""
