"""An exhibit as a file: CSV, XLSX and more; no Streamlit."""
