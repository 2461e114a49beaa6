"""The last step of an order: a crew's leader (or the order itself) gives each member his part."""
