#!/usr/bin/env python3
"""Fails unless the JSON lines of each report add up to its summary, as DuckDB reads them, and that is something.

Usage: sums-in-duckdb.py FOLDER NAME...
NAME.json and NAME.jsonl are the same report, as JSON and as JSON lines.
"""

import json
import sys
from pathlib import Path

import duckdb

# What is summed over the lines, and the number of the summary that it is.
SUMS = {
    "sum(exceptions)": "exceptions",
    "sum(tested)": "items",
    "sum(unevidenced)": "unevidenced",
    "sum(untestable)": "untestable",
    "sum(pending)": "pending",
    "sum(excluded)": "excluded",
    "count(*) FILTER (kind = 'repository')": "repositories",
    "count(*) FILTER (kind = 'control')": "controls",
    "count(*) FILTER (kind = 'test')": "tests",
    "count(*) FILTER (kind = 'test' AND exceptions > 0)": "tests_with_exceptions",
    "count(*) FILTER (kind = 'finding')": "findings",
    "count(*) FILTER (kind = 'finding' AND fails)": "failing",
    "count(*) FILTER (kind = 'finding' AND test IS NULL)": "of_documents",
    "count(*) FILTER (kind = 'finding' AND response IS NOT NULL)": "responded",
}
# Columns whose types DuckDB finds by itself wherever there is a value.
TYPES = {"kind": "VARCHAR", "period_from": "DATE", "complete": "BOOLEAN", "exceptions": "BIGINT", "day": "DATE"}

folder, names = Path(sys.argv[1]), sys.argv[2:]
# Nothing is fetched: what reads JSON comes with the package.
database = duckdb.connect(config={"autoinstall_known_extensions": False})
for name in names:
    summary = json.loads((folder / f"{name}.json").read_text("utf-8"))["summary"]
    file = str(folder / f"{name}.jsonl")
    lines = "read_json($file, format = 'newline_delimited')"
    [sums] = database.execute(f"SELECT {', '.join(SUMS)} FROM {lines}", {"file": file}).fetchall()
    found = dict(zip(SUMS.values(), sums))
    wrong = {number: (value, summary[number]) for number, value in found.items() if value != summary[number]}
    columns = database.execute(f"DESCRIBE SELECT * FROM {lines}", {"file": file}).fetchall()
    types = {column: kind for column, kind, *_ in columns if column in TYPES}
    print(f"{name}: {', '.join(f'{number} {value}' for number, value in found.items())}")
    if wrong or types != TYPES or not found["exceptions"]:
        sys.exit(f"FAILED: {name}.jsonl does not add up to {name}.json: {wrong}, {types}")
