"""Runs a PrairieLearn question as its documentation says, for a test: reads requests as JSON, writes answers as JSON.

Called with the folder of a question. ``prairielearn`` stands for the library: the functions that are documented.
"""

import json
import runpy
import sys
import types


def from_json(value):
    return value["_value"] if isinstance(value, dict) and "_type" in value else value


def set_weighted_score_data(data, weight_default=1):
    parts = data["partial_scores"].values()
    weights = [part.get("weight", weight_default) for part in parts]
    data["score"] = sum(part["score"] * weight for part, weight in zip(parts, weights, strict=True)) / sum(weights)


def main(folder):
    library = types.ModuleType("prairielearn")
    library.from_json, library.set_weighted_score_data = from_json, set_weighted_score_data
    sys.modules["prairielearn"] = library
    server = runpy.run_path(f"{folder}/server.py")
    for request in json.load(sys.stdin):
        data = {"options": {"question_path": folder}, "variant_seed": request["seed"], "params": {}}
        data["correct_answers"] = {}
        server["generate"](data)
        # Between two calls everything is kept as JSON.
        data = json.loads(json.dumps(data))
        submitted = {name: float(text) for name, text in request["submitted"].items()}
        data |= {"submitted_answers": submitted, "partial_scores": {}, "feedback": {}, "format_errors": {}, "score": 0}
        server["grade"](data)
        yield data


if __name__ == "__main__":
    json.dump(list(main(sys.argv[1])), sys.stdout)
