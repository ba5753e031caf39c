"""People's languages: digits, dates, money, letters, names, countries, occasions."""
