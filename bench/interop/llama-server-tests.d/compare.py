"""Compares outcomes of llama.cpp's server tests: compare.py LLAMA_SERVER ROOTSTOCK, files of JSON lines from served.py."""

import json
import sys
from pathlib import Path

# Test, or its name without parameters: why the service does not pass it.
REASONS = {}


def outcomes(file):
    results = {}
    for line in Path(file).read_text().splitlines():
        outcome = json.loads(line)
        earlier = results.get(outcome["test"])
        if earlier is None or earlier["passed"]:
            results[outcome["test"]] = outcome
    return results


def main():
    control, ours = outcomes(sys.argv[1]), outcomes(sys.argv[2])
    comparable = [test for test, outcome in control.items() if outcome["passed"]]
    print(f"{len(control) - len(comparable)} of {len(control)} tests are not compared: llama-server itself fails them with this model")
    missed = [test for test in comparable if not ours.get(test, {"passed": False})["passed"]]
    unexplained = 0
    for test in missed:
        reason = REASONS.get(test) or REASONS.get(test.partition("[")[0])
        unexplained += reason is None
        print(f"missed {test}: {reason or 'UNEXPLAINED ' + ours.get(test, {'reason': 'not run'})['reason']}")
    for test in control:
        if not control[test]["passed"]:
            print(f"not compared {test}: {control[test]['reason']}")
    print(f"tests={len(comparable)}")
    print(f"passed={len(comparable) - len(missed)}")
    print(f"missed={len(missed)}")
    print(f"unexplained={unexplained}")
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
