"""Header names as systems and people write them: data only."""
