"""Who else is on the wire, as an ordinary computer's system knows anyway; on the school's own
networks only."""
