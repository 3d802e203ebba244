"""A run as JUnit XML, which continuous integration reads: a testsuite for a suite, a testcase for a case."""

from xml.etree import ElementTree as xml

from assistant.evaluation.record import Answered, Line, SuiteRecord
from assistant.evaluation.report.suite import seconds_of
from assistant.evaluation.report.wording import legible
from assistant.evaluation.run_folder import Run
from assistant.evaluation.verdict import failures


def junit(run: Run) -> str:
    """The XML document. A case fails when something is wrong with its answer; queries and turns have measures only, and
    pass."""
    root = xml.Element("testsuites", {"name": legible(run.name)})
    for record in run.provenance.suites:
        root.append(_suite(run, record))
    for name in ("tests", "failures"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def _suite(run: Run, record: SuiteRecord) -> xml.Element:
    lines = [line for line in run.lines if line.suite == record.name]
    suite = xml.Element("testsuite", {"name": legible(record.name), "timestamp": legible(run.provenance.created)})
    suite.extend(_case(line) for line in lines)
    suite.set("tests", str(len(lines)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in suite)))
    suite.set("errors", "0")
    suite.set("time", f"{sum(map(seconds_of, lines)):.3f}")
    return suite


def _case(line: Line) -> xml.Element:
    named = {"classname": legible(line.suite), "name": legible(line.id), "time": f"{seconds_of(line):.3f}"}
    case = xml.Element("testcase", named)
    if isinstance(line, Answered) and (said := failures(line)):
        failure = xml.SubElement(case, "failure", {"message": legible(said[0]), "type": "wrong answer"})
        failure.text = legible("\n".join((f"Asked: {line.case.question}", *said)))
    return case
