"""What the controller finds out about itself (O24): one list for `doctor`, the night and the
overview."""
