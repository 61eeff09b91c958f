"""Programs of the school: what reports name, made one title, counted, decided on, asked for."""
