"""Who has what: people, what was given or lent to whom, rooms, pools and trolleys, until when."""
