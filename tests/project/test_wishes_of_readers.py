"""What a reader has set up for every page is kept to: colours of their own, more contrast, less data."""

import pytest

from tests.look import settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# How the link of this page differs from the others beside it, as it is drawn.
MARKS = """() => {
  const look = (link) => getComputedStyle(link).outlineStyle;
  const here = document.querySelector('.nav [aria-current]');
  const other = document.querySelector('.nav a:not([aria-current])');
  return [look(here), look(other)];
}"""
RATIO = """(name) => {
  const light = (colour) => {
    const linear = (n) => n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = colour.match(/[\\d.]+/g).map((n) => linear(n / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.setProperty('transition', 'none', 'important');
  const read = (token) => { probe.style.color = `var(${token})`; return light(getComputedStyle(probe).color); };
  const [one, other] = [read(name), read('--paper')].sort((a, b) => b - a);
  probe.remove();
  return (one + 0.05) / (other + 0.05);
}"""


@pytest.fixture
def open_today(page_as, volunteer, live_server):
    def open_(**media):
        page = page_as(volunteer)
        page.emulate_media(**media)
        page.goto(f"{live_server.url}/rota/")
        settle(page)
        return page

    return open_


def test_current_page_shows_in_forced_colours(open_today):
    here, other = open_today(forced_colors="active").evaluate(MARKS)
    assert here != other


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_small_words_darken_on_wish(open_today, scheme):
    page = open_today(color_scheme=scheme, contrast="no-preference")
    plain = {name: page.evaluate(RATIO, name) for name in ("--muted", "--line", "--hair", "--edge")}
    page.emulate_media(color_scheme=scheme, contrast="more")
    more = {name: page.evaluate(RATIO, name) for name in plain}
    assert min(more.values()) >= 7, more
    assert plain["--hair"] < 3


@pytest.mark.parametrize(("wish", "fonts"), [("no-preference", 2), ("reduce", 1)])
def test_poster_letters_are_left_out_on_wish(page, live_server, wish, fonts):
    def grant(route):
        # Chromium knows this wish behind a switch alone: the rules for it are read as rules for everybody.
        answer = route.fetch()
        assert f"(prefers-reduced-data: {wish})" in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(f"(prefers-reduced-data: {wish})", "all"))

    if wish == "reduce":
        page.route("**/css/hub*.css", grant)
    fetched = set()
    page.on("request", lambda asked: asked.resource_type == "font" and fetched.add(asked.url))
    page.goto(f"{live_server.url}/")
    settle(page)
    assert len(fetched) == fonts
