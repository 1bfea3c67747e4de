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


# Words that lie on other words, that are broken in two, and of which a part cannot be seen. What floats over the page,
# as the dock does, may lie on it; what scrolls is not cut off, nor what an ellipsis shortens where the whole is one tap
# away. A word of more than 12 letters may be broken. The boxes of letters are taller than these: their middle counts.
CROWDED = """(shortened) => {
  const floats = (e) => {
    for (; e; e = e.parentElement) if (['fixed', 'sticky'].includes(getComputedStyle(e).position)) return e;
    return null;
  };
  const forEars = (e) => {
    for (; e; e = e.parentElement) {
      if (e.matches('.hush, .skip') || getComputedStyle(e).clipPath === 'inset(50%)') return true;
    }
    return false;
  };
  const hides = (how) => how === 'hidden' || how === 'clip';
  const root = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const words = [], cut = new Set();
  for (let node; (node = walker.nextNode());) {
    const text = node.textContent.trim(), e = node.parentElement;
    if (!text || !e.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    if (forEars(e) || e.closest('option, script, style, noscript')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = new Set([...range.getClientRects()].map(({top}) => Math.round(top)));
    if (lines.size > 1 && /^[^\\s\\u00ad/-]{1,12}$/.test(text)) cut.add(text);
    for (let {left, right, top, bottom} of range.getClientRects()) {
      if (right - left < 2) continue;
      const low = (bottom - top) * 0.2;
      [top, bottom] = [top + low, bottom - low];
      let isCut = left < -1 || right > innerWidth + 1, scrolls = false;
      for (let p = e; p && p !== document.documentElement; p = p.parentElement) {
        const {overflowX, overflowY} = getComputedStyle(p), frame = p.getBoundingClientRect();
        if (hides(overflowX) && !scrolls) isCut ||= left < frame.left - 1 || right > frame.right + 1;
        if (hides(overflowY) && !scrolls) isCut ||= top < frame.top - 1 || bottom > frame.bottom + 1;
        if (overflowX !== 'visible') [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
        if (overflowY !== 'visible') [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
        if (overflowX === 'auto' || overflowX === 'scroll') scrolls = true;
      }
      if (isCut && !(shortened && e.closest(shortened))) cut.add(text);
      words.push({text, e, left, right, top, bottom, over: floats(e)});
    }
  }
  const lie = [];
  words.forEach((a, i) => words.slice(i + 1).forEach((b) => {
    if (a.over !== b.over || a.e === b.e) return;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 2) lie.push(`${a.text} / ${b.text}`);
  }));
  return [...cut, ...lie];
}"""


def crowded(page, shortened=None):
    """Words that are cut off, and pairs of words that lie on each other. `shortened` may end in an ellipsis."""
    settle(page)
    return page.evaluate(CROWDED, shortened)
