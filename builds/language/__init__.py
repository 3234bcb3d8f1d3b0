"""The words of players, English and French: names, roles, modes and grammar, with typing errors. Plain Python."""
