"""Checks of the metrics by the parsers of prometheus-client, and by promtool where PROMTOOL names it."""

import os
import subprocess
import urllib.request

from checks import SERVICES, check, contains, equal, port, run, true
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_metrics

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


def scrape(service, accept="*/*"):
    request = urllib.request.Request(f"http://127.0.0.1:{port(service, 'httpPort')}/q/metrics", headers={"accept": accept})
    with urllib.request.urlopen(request) as response:
        return response.headers["content-type"], response.read().decode()


@check
def plain_text():
    for service in SERVICES:
        kind, body = scrape(service)
        contains(kind, "text/plain")
        families = {family.name: family for family in plain_metrics(body)}
        true(any(name.startswith("jvm_") for name in families), service, sorted(families))
        true(all(family.documentation for name, family in families.items() if name.startswith("rootstock_")), service)


@check
def openmetrics():
    for service in SERVICES:
        kind, body = scrape(service, OPEN_METRICS)
        contains(kind, "application/openmetrics-text")
        equal(body.endswith("# EOF\n"), True)
        names = [family.name for family in open_metrics(body)]
        equal(len(names), len(set(names)))


@check
def equal_families_in_both_formats():
    for service in SERVICES:
        plain = {family.name.removesuffix("_total") for family in plain_metrics(scrape(service)[1])}
        other = {family.name for family in open_metrics(scrape(service, OPEN_METRICS)[1])}
        equal(sorted(plain ^ other), [])


def promtool():
    for service in SERVICES:
        checked = subprocess.run(
            [os.environ["PROMTOOL"], "check", "metrics"], input=scrape(service)[1], text=True, capture_output=True, timeout=60)
        # Status 3: the format is correct, and lines name metrics that break a convention, as some of the libraries do.
        true(checked.returncode in (0, 3), service, checked.stderr)
        equal([line for line in checked.stderr.splitlines() if line.startswith("rootstock")], [])


if os.environ.get("PROMTOOL"):
    check(promtool)
run("prometheus-client")
