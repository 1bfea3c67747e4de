"""Looking at a page as people do: with a screen reader's rules, a thumb, a small phone, and no second chance."""

from axe_playwright_python.sync_playwright import Axe

RULES = {
    # Nobody reads here what is in order, nor by which path axe would find it: half of its time otherwise.
    "resultTypes": ["violations"],
    "selectors": False,
    "iframes": False,
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
THUMB = 44
# A link within a sentence may be as low as its line; the skip link waits off the page. Radios and ticks are pressed
# by their labels, and what a tile hides is not pressed at all.
TARGETS = """(thumb) => {
  const low = [];
  for (const e of document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')) {
    const isText = e.matches('.skip, p a, li p a, dd a, .note a, [aria-hidden=true]');
    if (isText || !e.checkVisibility({visibilityProperty: true})) continue;
    const pressed = e.matches('[type=radio], [type=checkbox]') ? e.closest('label') : e;
    const {width, height} = pressed.getBoundingClientRect();
    if (width < thumb || height < thumb) low.push([e.textContent.trim() || e.name, width, height]);
  }
  return low;
}"""


class Console:
    """Collects what a page complains about, and what it asks of other hosts."""

    def __init__(self, page, home):
        self.messages = []
        self.elsewhere = []
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(home) or self.elsewhere.append(asked.url))

    @property
    def quiet(self):
        return self.messages == [] and self.elsewhere == []


def settle(page):
    """Until the style sheet and the letters are there: words stand on a page before both, and are wider."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => 1)")


def axe(page):
    """What axe-core finds: rule, and the tags it is about."""
    settle(page)
    violations = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in violations]


def small_targets(page):
    """What a thumb would miss: words, width, height."""
    settle(page)
    return page.evaluate(TARGETS, THUMB)


def scrolls_sideways(page):
    """Whether the page is wider than its window."""
    settle(page)
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def storage(page):
    """Everything the page keeps in the browser's own storage."""
    return page.evaluate("[...Object.entries(localStorage), ...Object.entries(sessionStorage)]")
