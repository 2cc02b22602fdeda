"""One figure with all that stands around it; no Streamlit."""
