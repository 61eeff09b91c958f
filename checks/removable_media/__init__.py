"""Removable media: can sticks, cards, discs and phones be used here, and which ones were?"""
