"""Makes expected.json: each template with each conversation, by Jinja2 in the environment of transformers.

Needs Python with jinja2 3.1; no test needs it.
"""
import datetime
import json
import pathlib

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


class Refused(Exception):
    pass


def raise_exception(message):
    raise Refused(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = lambda f: datetime.datetime(2026, 3, 5, 14, 7, 9).strftime(f)

here = pathlib.Path(__file__).parent
conversations = json.loads((here / "conversations.json").read_text())
expected = {}
for file in sorted((here / "templates").glob("*.jinja")):
    template = environment.from_string(file.read_text())
    for name, conversation in conversations.items():
        variables = {"tools": None, "bos_token": "<s>", "eos_token": "</s>", **conversation}
        variables.update(variables.pop("variables", {}))
        try:
            result = {"text": template.render(**variables)}
        except Refused as refusal:
            result = {"refused": str(refusal)}
        except (TemplateError, TypeError) as error:
            result = {"fails": type(error).__name__}
        expected.setdefault(file.stem, {})[name] = result
(here / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
