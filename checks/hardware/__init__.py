"""What a machine is: the identity a register needs, its disks, its network cards."""
