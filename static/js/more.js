// More: everything on the shelf, in a sheet over the desk, with a search. The list comes with the page, so it needs no wifi.
"use strict";

(() => {
  const { words, tiles, find } = desk;
  const list = find("#more-list");
  const sheet = find("#more-sheet");
  const door = find("#more-door");
  if (!list) return;

  const search = find("#more-search");
  const found = find("#more-found");
  const recentBox = find("#more-recent");
  const recentList = find("ul", recentBox);
  const all = [...list.children];
  const doubles = tiles.filter((tile) => !list.contains(tile)).map(copyTile);

  // What has a tile on the desk is found here, too: a tap on its copy is a tap on the tile.
  function copyTile(tile) {
    const copy = document.createElement("li");
    copy.className = `tile live ${[...tile.classList].find((name) => name.startsWith("tone-")) ?? ""}`;
    copy.dataset.words = tile.dataset.words ?? "";
    copy.hidden = true;
    const face = find(".tile-face", tile).cloneNode(true);
    copy.append(face);
    const show = () => {
      copy.dataset.n = desk.amountOf(tile);
      find(".tile-words", face).dataset.n = desk.amountOf(tile) ? `× ${desk.amountOf(tile)}` : "";
      face.lastElementChild.textContent = desk.amountOf(tile) ? `, ${desk.amountOf(tile)}` : "";
    };
    face.addEventListener("click", () => {
      find(".tile-face", tile).click();
      show();
    });
    copy.addEventListener("open-sheet", show);
    return copy;
  }

  const simplify = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function filter() {
    const asked = simplify(search.value).split(/\s+/).filter(Boolean);
    const matches = (item) => asked.every((word) => item.dataset.words.includes(word));
    let n = 0;
    for (const item of all) n += !(item.hidden = !matches(item));
    for (const copy of doubles) n += !(copy.hidden = !asked.length || !matches(copy));
    recentBox.hidden = ![...recentList.children].some((item) => !item.hidden);
    found.textContent = !asked.length ? "" : !n ? words.found_none : (n === 1 ? words.found_one : words.found_many).replace("{n}", n);
  }

  // What was taken from here this evening comes first, by name: in which order it went is nobody's business.
  function readRecent() {
    const kept = drafts.read("recent");
    return kept && kept.opening === sending.getOpening() ? kept.ids : [];
  }

  function noteRecent(id) {
    const ids = readRecent();
    if (!ids.includes(id)) drafts.keep("recent", { opening: sending.getOpening(), ids: [...ids, id].sort() });
  }

  function open() {
    search.value = "";
    const recent = readRecent();
    for (const item of all) (recent.includes(item.dataset.item) ? recentList : list).append(item);
    for (const copy of doubles) copy.dispatchEvent(new Event("open-sheet"));
    list.append(...doubles);
    filter();
    sheet.showModal();
    search.focus();
  }

  function showCount() {
    const sum = all.reduce((total, item) => total + desk.amountOf(item), 0);
    find("#more-count").textContent = sum || "";
    find("#more-count").hidden = !sum;
  }

  find("#more-all").append(list);
  find("#more").remove();
  door.hidden = false;
  find("button", door).addEventListener("click", open);
  sheet.addEventListener("close", () => {
    for (const copy of doubles) copy.remove();
  });
  find("[data-close]", sheet).addEventListener("click", () => sheet.close());
  search.addEventListener("input", (event) => {
    event.stopPropagation(); // it is no part of the visit
    filter();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find("li:not([hidden]) .tile-face", sheet)?.click();
  });
  for (const item of all) {
    find("input", item).addEventListener("input", () => {
      if (desk.amountOf(item)) noteRecent(item.dataset.item);
      showCount();
    });
  }
  showCount();
})();
