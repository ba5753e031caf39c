"""x"""
NAMES: dict[str, tuple[str, ...]] = {}
