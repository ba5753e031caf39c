"""What developers run: the gate, the pinning of packages, the house's own import contracts."""
