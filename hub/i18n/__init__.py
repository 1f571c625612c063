"""Every sentence the county's people see or hear, in Chinese first and in English beside it."""

from hub.i18n.phrases import LANGUAGES, Phrases

__all__ = ["LANGUAGES", "Phrases"]
