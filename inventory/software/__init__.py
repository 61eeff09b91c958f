"""What people do with the software register: decide, ask for programs, read."""
