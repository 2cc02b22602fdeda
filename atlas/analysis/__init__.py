"""Pure statistics on numbers, arrays and frames: numpy, scipy, pandas, shapely, and nothing else of the project."""
