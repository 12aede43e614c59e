"""DuckDB's own scan of a CSV file, reading every column: python duckdb_scan.py FILE"""
import sys
from runner import report, timed
import duckdb

query = f"SELECT count(*), max(\"user\"), max(item), sum(rating), max(time) FROM read_csv('{sys.argv[1]}')"
seconds, row = timed(lambda: duckdb.sql(query).fetchall()[0])
report(seconds=seconds, rows=row[0])
