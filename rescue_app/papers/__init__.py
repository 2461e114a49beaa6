"""What goes into people's hands: cards, the hand-out map, the atlas, the brief."""
