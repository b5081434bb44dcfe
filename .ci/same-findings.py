#!/usr/bin/env python3
"""Fails unless each report in a folder holds as many findings as report.json does, and that is some.

A schema is content with a report of nothing. JSON lines have no schema of their own: put together again, they must be
report.json. Usage: same-findings.py FOLDER
"""

import json
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

folder = Path(sys.argv[1])
document = json.loads((folder / "report.json").read_text("utf-8"))

lines = [json.loads(line) for line in (folder / "report.jsonl").read_bytes().splitlines()]
told = {
    **lines[0]["run"],
    "tests": [line["test"] for line in lines if "test" in line],
    "findings": [line["finding"] for line in lines if "finding" in line],
}
if told != document:
    sys.exit("FAILED: report.jsonl is not report.json, one thing a line")
if [lines[0]["run"][key] for key in ("tests", "findings")] != [len(document[key]) for key in ("tests", "findings")]:
    sys.exit("FAILED: the first line of report.jsonl does not know how many lines follow")

sarif = json.loads((folder / "report.sarif").read_text("utf-8"))
# A byte order mark, which GitLab does not read, ends this; each fingerprint is shown once.
gitlab = json.loads((folder / "gitlab.json").read_text("utf-8"))
# A case that is about a finding has its fingerprint at the end of its name.
junit = xml.parse(folder / "junit.xml").iter("testcase")
counts = {
    "report.json": len(document["findings"]),
    "report.sarif": sum(len(run["results"]) for run in sarif["runs"]),
    "gitlab.json": len({violation["fingerprint"] for violation in gitlab}),
    "junit.xml": sum(1 for case in junit if re.search(r" \[[0-9a-f]+\]$", case.get("name"))),
    "checkstyle.xml": sum(1 for _ in xml.parse(folder / "checkstyle.xml").iter("error")),
}
print(", ".join(f"{name} {count}" for name, count in counts.items()))
if len(set(counts.values())) != 1 or 0 in counts.values():
    sys.exit("FAILED: the reports do not hold the same findings")
