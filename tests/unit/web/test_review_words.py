"""Every word of a review has its Chinese, on the page and on paper."""

from rescue_app.web import review_words, words
from rescue_app.web.review_tables import took


def test_every_word_that_python_says_has_its_chinese():
    assert sorted(review_words.spoken() - words.catalogue("zh").keys()) == []


def test_a_duration_reads_like_a_clock():
    from datetime import timedelta

    said = [took(timedelta(seconds=seconds)) for seconds in (42, 725, 3750)]
    assert said == ["0:42", "12:05", "1:02:30"]
    assert took(None) == "—"
