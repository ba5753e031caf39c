"""Pure science: calendars, spells, sets, rates and cohorts, without database, clock or files."""
