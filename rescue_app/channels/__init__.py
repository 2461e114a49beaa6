"""Ways to people beside the live page: gateways, a signed webhook, Web Push; and what returns."""
