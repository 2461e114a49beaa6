"""Two versions of what the field said of one thing: both kept, looked at, and one ruled to hold."""
