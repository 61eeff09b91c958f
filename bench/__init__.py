"""`make bench`: Caretaker's figures beside its peers', measured on this machine in one run."""
