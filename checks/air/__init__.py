"""Which of the school's wireless networks this computer hears, and how each access point protects
them."""
