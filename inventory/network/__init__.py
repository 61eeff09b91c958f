"""What rounds and computers saw on the network, brought together with the register (network §5)."""
