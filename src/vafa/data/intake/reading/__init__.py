"""Files as people have them -> clean cells: encodings, tables, header names, numbers, dates, phones, money."""
