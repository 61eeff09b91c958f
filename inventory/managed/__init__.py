"""What a school's managements (MDM) say of its iPads, Chromebooks and phones, from their lists."""
