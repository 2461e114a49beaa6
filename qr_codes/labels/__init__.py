"""From a code to something that hangs outdoors: symbols, sizes, sheets, plates, and their proof."""
