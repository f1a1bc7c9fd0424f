"""Markdown summary of .trx files: counts, and every skipped test with its reason.

usage: test-summary.py FOLDER [NAMESPACE...]
Fails when no test ran, or when a test in one of the namespaces was skipped or none ran there: a skip must not look like a pass.
"""
import pathlib
import sys
import xml.etree.ElementTree as xml

NS = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}


def results(folder):
    """Name, outcome and message of every test."""
    for path in sorted(pathlib.Path(folder).rglob("*.trx")):
        for result in xml.parse(path).getroot().iterfind(".//t:UnitTestResult", NS):
            message = result.findtext(".//t:Message", "", NS) or result.findtext(".//t:StdOut", "", NS)
            yield result.get("testName"), result.get("outcome"), " ".join(message.split())


def main():
    folder, must_run = sys.argv[1], sys.argv[2:]
    found = list(results(folder))
    passed = [r for r in found if r[1] == "Passed"]
    failed = [r for r in found if r[1] == "Failed"]
    skipped = [r for r in found if r[1] not in ("Passed", "Failed")]
    print(f"**{len(passed)} passed, {len(failed)} failed, {len(skipped)} skipped**\n")
    for title, group in (("failed", failed), ("skipped", skipped)):
        if group:
            print(f"| {title} | why |\n|---|---|")
            for name, _, message in group:
                print(f"| `{name}` | {message[:300].replace('|', chr(92) + '|')} |")
            print()
    problems = [] if found else ["No test ran."]
    for prefix in must_run:
        problems += [f"{name} was skipped, but must run here." for name, _, _ in skipped if name.startswith(prefix)]
        if not any(name.startswith(prefix) for name, _, _ in found):
            problems.append(f"No test of {prefix} ran.")
    for problem in problems:
        print(f"::error::{problem}", file=sys.stderr)
    return 1 if problems else 0


sys.exit(main())
