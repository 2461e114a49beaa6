"""What a page tells its reader to call the columns is what the file is read by."""

import pytest

from hazards.duty import crew_lists, lists
from rescue_app.web import crews_view, duty_view
from rescue_app.web.words import translate


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("told", "known"),
    [
        (duty_view.HEADING_WORDS, lists.HEADINGS),
        (crews_view.HEADING_WORDS, crew_lists.HEADINGS),
    ],
)
def test_a_file_with_the_columns_that_the_page_names_is_read_whole(told, known, language):
    named = [translate(language, word) for word in told.values()]
    assert list(lists.columns_of(named, known, ())) == list(told)


@pytest.mark.parametrize(("written", "told"), [("城里", "市、市级"), ("town", "city、district")])
def test_an_unknown_word_is_answered_with_words_of_the_file_s_own_script(written, told):
    with pytest.raises(lists.Wrong) as wrong:
        lists.among({"level": written}, "level", lists.LEVEL_OF)
    said = wrong.value.reason.values["words"]
    assert told in said
    assert all(word.isascii() == written.isascii() for word in said.split("、"))
