"""Reading of attendance, and the rules that need no database: order, codes, ages, totals."""
