"""Card sheets: cards laid out on stock, typeset and written as PDF."""
