"use strict";
// Filters cases by verdict, tag and text, and opens the one that the address names. The page is whole without it.
for (const list of document.querySelectorAll(".cases")) {
  const form = list.querySelector(".filter");
  const cases = [...list.querySelectorAll("details.case")];
  const texts = new Map();
  const text = (one) => {
    if (!texts.has(one)) texts.set(one, one.textContent.toLowerCase());
    return texts.get(one);
  };
  const apply = () => {
    const asked = Object.fromEntries(new FormData(form));
    const words = (asked.text || "").trim().toLowerCase();
    let shown = 0;
    for (const one of cases) {
      one.hidden =
        Boolean(asked.verdict && one.dataset.verdict !== asked.verdict) ||
        Boolean(asked.tag && !one.dataset.tags.split("\n").includes(asked.tag)) ||
        Boolean(words && !text(one).includes(words));
      shown += one.hidden ? 0 : 1;
    }
    form.querySelector("output").value = `${shown} of ${cases.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
const openNamed = () => {
  const named = document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) {
    named.hidden = false;
    named.open = true;
    named.scrollIntoView();
  }
};
addEventListener("hashchange", openNamed);
openNamed();
