"""How records are kept: tables, transactions, scope, announcements, audit."""
