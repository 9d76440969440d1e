"""Card sheets: lay cards out on stock, typeset them and write a PDF."""
