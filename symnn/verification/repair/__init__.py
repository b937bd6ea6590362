"""The smallest edit of a person's own gradient that makes it right."""

from symnn.verification.repair.editor import Editor, LocalEditor, editor_of
from symnn.verification.repair.explanation import Annotation, Line, explain
from symnn.verification.repair.search import EFFORT, repaired

__all__ = ["EFFORT", "Annotation", "Editor", "Line", "LocalEditor", "editor_of", "explain", "repaired"]
