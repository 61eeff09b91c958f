"""The controller: takes reports in, judges them, and shows a school how safe its computers are."""
