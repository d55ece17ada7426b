"""Executes notebooks with nbconvert and writes them as HTML; says what it does as one JSON object a line.

This is all that needs Python: nbconvert has no progress report of its own, so its preprocessor is extended by
an event before and after each code cell. The job comes on stdin, the events go to what was stdout; anything that
a library or the kernel prints goes to stderr, so it can't be mistaken for an event.
"""

import json
import os
import sys
import time
import traceback

events = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

import nbformat  # noqa: E402  (the imports may print)
from nbconvert.exporters import HTMLExporter  # noqa: E402
from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor  # noqa: E402


def tell(event, **facts):
    events.write(json.dumps({"event": event, **facts}) + "\n")
    events.flush()


class Execution(ExecutePreprocessor):
    """Executes the code cells, numbered from 1, and tells of each; `number` is the cell that runs or ran last."""

    number = 0

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type != "code" or not cell.source.strip():
            return cell, resources
        self.number += 1
        started = time.monotonic()
        tell("cell", number=self.number)
        result = super().preprocess_cell(cell, resources, index)
        tell("cell-done", number=self.number, seconds=time.monotonic() - started)
        return result


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def report(job, task):
    """Executes one notebook; whatever fails, what there is of it is written."""
    notebook = nbformat.read(task["source"], as_version=4)
    cells = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)
    tell("notebook", cells=cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    execution = Execution(kernel_name=job["kernel"], timeout=job["timeout"], startup_timeout=120)
    failure = None
    try:
        execution.preprocess(notebook, {"metadata": {"path": os.path.dirname(task["source"])}})
    except CellExecutionError as error:
        failure = {"name": error.ename, "message": error.evalue, "traceback": error.traceback}
    except Exception as error:  # the kernel did not start, died, or took too long
        failure = {"name": type(error).__name__, "message": str(error), "traceback": ""}
    write(task["executed"], nbformat.writes(notebook))
    exporter = HTMLExporter(embed_images=True)
    metadata = {"name": task["name"], "path": os.path.dirname(task["source"])}
    html, _ = exporter.from_notebook_node(notebook, {"metadata": metadata})
    write(task["html"], html)
    if failure:
        failure["cell"] = execution.number
    tell("notebook-done", failure=failure)


def main():
    job = json.load(sys.stdin)
    for task in job["tasks"]:
        try:
            report(job, task)
        except Exception as error:  # not readable as a notebook, or nbconvert failed: go on with the others
            trace = traceback.format_exc()
            tell("notebook-done", failure={"name": type(error).__name__, "message": str(error), "traceback": trace, "cell": 0})


main()
