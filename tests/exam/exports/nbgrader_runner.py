"""Drives nbgrader in the folder of a course, for a test: makes the assignment, or grades what is handed in."""

import json
import sys

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

command, course, name = sys.argv[1:]
config = Config()
config.CourseDirectory.root = course
config.ExecutePreprocessor.timeout = 120
api = NbGraderAPI(config=config)
if command == "release":
    done = api.generate_assignment(name, create=True)
    json.dump({"success": done["success"], "log": done["log"]}, sys.stdout)
else:
    found = {}
    for student in sorted(api.get_submitted_students(name)):
        done = api.autograde(name, student)
        found[student] = {"success": done["success"], "log": done["log"]}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        for student, one in found.items():
            submission = book.find_submission(name, student)
            one |= {"score": submission.score, "max": submission.max_score, "by_hand": submission.needs_manual_grade}
    json.dump(found, sys.stdout)
