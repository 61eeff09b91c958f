"""Does the register say what everything is, where it is and who has it, and is it still there?"""
