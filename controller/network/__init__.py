"""The network as rounds saw it: the map, what nobody knows, the wireless networks, the rounds."""
