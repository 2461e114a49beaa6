"""Who is signed in: accounts, passwords, sessions."""
