"""Values and words in, Plotly figures out: one palette, one font stack, one number format."""
