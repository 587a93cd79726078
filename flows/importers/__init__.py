"""Flows of other programs as ours: `import_file` reads a file and reports what became of it."""

from flows.importers.import_file import import_file
from flows.importers.reading import FORM_NAMES, Form
from flows.importers.report import Imported, ImportRefused, Item, Report

__all__ = ["FORM_NAMES", "Form", "ImportRefused", "Imported", "Item", "Report", "import_file"]
