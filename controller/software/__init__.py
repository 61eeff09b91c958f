"""Pages and upkeep of the software register: titles, decisions, requests, licences."""
