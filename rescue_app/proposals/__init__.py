"""One tap: what the plan in force asks for, with units, crews and deadlines, issued once."""
