"""The program's commands, one module per feature; each is imported only when it is called."""
