"""What cameras saw becomes an incident when a person says so."""
