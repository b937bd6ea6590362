"""Drives nbgrader in the folder of a course, for a test: makes the assignment, or grades what is handed in."""

import json
import sys


def main(command, course, name):
    # Here, so that it can be looked through where there is no nbgrader.
    from nbgrader.api import Gradebook  # noqa: PLC0415
    from nbgrader.apps import NbGraderAPI  # noqa: PLC0415
    from traitlets.config import Config  # noqa: PLC0415

    config = Config()
    config.CourseDirectory.root = course
    config.ExecutePreprocessor.timeout = 120
    api = NbGraderAPI(config=config)
    if command == "release":
        done = api.generate_assignment(name, create=True)
        return {"success": done["success"], "log": done["log"]}
    found = {}
    for student in sorted(api.get_submitted_students(name)):
        done = api.autograde(name, student)
        found[student] = {"success": done["success"], "log": done["log"]}
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        for student, one in found.items():
            submission = book.find_submission(name, student)
            one |= {"score": submission.score, "max": submission.max_score, "by_hand": submission.needs_manual_grade}
            (notebook,) = submission.notebooks
            one["cells"] = {grade.cell.name: grade.auto_score for grade in notebook.grades}
    return found


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
