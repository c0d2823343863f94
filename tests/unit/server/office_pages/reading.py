"""Reading the office's pages as a person does: words, fields, what is said at a field."""

import html
import re

from tests.unit.server.accounts.office import Answer


def words(answer: Answer) -> str:
    """The text of the page's main part, without its markup."""
    main = answer.text.split("<main", 1)[1].split("</main>", 1)[0]
    plain = re.sub(r"<[^>]*>", " ", main.split(">", 1)[1])
    return " ".join(html.unescape(plain).split())


def errors(answer: Answer) -> list[str]:
    """What the form complains about."""
    found = re.findall(r'<p class="zz-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", one)).strip() for one in found]


def link_in(answer: Answer) -> str:
    """The invitation's link; AssertionError when the page shows none."""
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)
    assert found, words(answer)
    return html.unescape(found[1])
