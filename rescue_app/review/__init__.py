"""What a night was: times of every hop, figures by level, plan against actual, lessons."""
