"""Response levels I–IV: one per district and kind of plan, from when to when; the mode follows."""
