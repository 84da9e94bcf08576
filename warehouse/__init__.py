"""What rests: the records, the DuckDB file and its snapshot, the captures and the stage.

Knows nothing of the web or of Prefect, and never imports ``tasks`` or ``flows``.
"""
