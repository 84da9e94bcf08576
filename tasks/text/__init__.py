"""Pure ground under the readers of text: paragraphs, sentences, words, and the half-open spans that name them.

No I/O, no language model, no state, and nothing here knows what an article or an entity is. All positions are Unicode
code points into the string that was given, half open, so ``text[start:end]`` is the surface form.
"""

from tasks.text.accents import unaccented
from tasks.text.sentences import Sentence, sentences
from tasks.text.spans import SpanSet, paragraphs, trim
from tasks.text.words import Word, words

__all__ = ["Sentence", "SpanSet", "Word", "paragraphs", "sentences", "trim", "unaccented", "words"]
