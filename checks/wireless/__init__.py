"""Wi-Fi: which networks a machine would join by itself, and which one it is on now."""
