"""Every word of a review has its Chinese, on the page and on paper."""

from types import SimpleNamespace

from rescue_app.dispatch import answering
from rescue_app.web import review_words, words
from rescue_app.web.review_tables import Voice, named_all, took


def test_every_word_that_python_says_has_its_chinese():
    assert sorted(review_words.spoken() - words.catalogue("zh").keys()) == []


def test_every_call_about_an_order_is_named_in_the_ladders():
    assert sorted(answering.ABOUT_ORDERS - review_words.TOPICS.keys()) == []


def test_of_many_who_came_instead_the_first_are_named_and_the_others_counted():
    hops = [SimpleNamespace(name=f"第{n}队", name_en=f"Crew {n}") for n in range(1, 9)]
    english = Voice(lambda text, **facts: text.format(**facts), "en", {})
    assert named_all(hops[:2], english) == "Crew 1, Crew 2"
    assert named_all(hops, english) == "Crew 1, Crew 2, Crew 3, Crew 4, Crew 5, and 3 more"


def test_a_duration_reads_like_a_clock():
    from datetime import timedelta

    said = [took(timedelta(seconds=seconds)) for seconds in (42, 725, 3750)]
    assert said == ["0:42", "12:05", "1:02:30"]
    assert took(None) == "—"
