"""The error of this room."""


class AnalysisError(ValueError):
    """Numbers that a method can not be applied to; the sentence says what was found, what was expected and the next step."""
