"""Runs the driver of one client: a job from each line of standard input, its answer as a line of standard output.

python -P serve.py DRIVER (-P, as a driver may be called like the library that it drives). A job is an object; what it
holds is said in ../stack/clients.py.
"""

import asyncio
import importlib.util
import inspect
import json
import os
import sys
import traceback
import types


def load(path):
    specification = importlib.util.spec_from_file_location("driver", path)
    driver = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(driver)
    return driver


def answer(driver, job):
    said = driver.converse(job)
    return asyncio.run(said) if inspect.isawaitable(said) else said


def main():
    # Libraries print what they like: standard output is kept for answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    driver = load(sys.argv[1])
    for line in sys.stdin:
        try:
            told = {"answer": answer(driver, types.SimpleNamespace(**json.loads(line)))}
        except Exception as error:
            told = {
                "error": type(error).__name__, "status": getattr(error, "status_code", None),
                "trace": traceback.format_exc(),
            }
        print(json.dumps(told), file=answers, flush=True)


main()
