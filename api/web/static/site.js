// What pages do beyond htmx: cards at citations, the box to ask in, copying. Without it everything can be read and asked.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // Cards -------------------------------------------------------------------------------------------------------------
  // A card opens when its mark is hovered or focused, stays while pointer or focus is on either, and closes on Escape.
  const OPENS = 120, CLOSES = 220, GAP = 8, EDGE = 12;
  let open = null; // {mark, card}
  let timer = 0;

  const cardOf = (mark) => document.getElementById(mark.dataset.card);

  function place(mark, card) {
    const at = mark.getBoundingClientRect(), size = card.getBoundingClientRect();
    const below = at.bottom + GAP, above = at.top - GAP - size.height;
    const fitsBelow = below + size.height <= innerHeight - EDGE;
    const top = fitsBelow || above < EDGE ? Math.min(below, innerHeight - EDGE - size.height) : above;
    const left = Math.max(EDGE, Math.min(at.left - 24, root.clientWidth - EDGE - size.width));
    card.style.top = `${Math.max(EDGE, top)}px`;
    card.style.left = `${left}px`;
  }

  function show(mark) {
    clearTimeout(timer);
    const card = cardOf(mark);
    if (!card || open?.card === card) return;
    hide();
    card.showPopover();
    place(mark, card);
    mark.classList.add("open");
    open = { mark, card };
  }

  function hide() {
    clearTimeout(timer);
    if (!open) return;
    open.mark.classList.remove("open");
    if (open.card.isConnected) open.card.hidePopover();
    open = null;
  }

  const later = (then, after) => { clearTimeout(timer); timer = setTimeout(then, after); };
  const markAt = (target) => target instanceof Element ? target.closest("a.cite") : null;
  const inside = (target) => Boolean(open && target instanceof Node && (open.card.contains(target) || open.mark.contains(target)));

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const mark = markAt(event.target);
    if (mark && !inside(event.target)) later(() => show(mark), OPENS);
    else if (inside(event.target)) clearTimeout(timer);
    else if (open && !inside(document.activeElement)) later(hide, CLOSES);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const mark = markAt(event.target);
    if (mark) { if (mark.matches(":focus-visible")) show(mark); }
    else if (!inside(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    const { mark, card } = open;
    if (card.contains(document.activeElement)) mark.focus();
    hide();
  });
  // A finger cannot hover: its first touch shows the card, from which the source is opened.
  let touched = false;
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (!inside(event.target) && !markAt(event.target)) hide();
  });
  document.addEventListener("click", (event) => {
    const mark = markAt(event.target);
    if (!mark || !touched) return;
    event.preventDefault();
    if (open?.mark === mark) hide(); else show(mark);
  });
  addEventListener("scroll", () => { if (open && !inside(document.activeElement)) hide(); }, { passive: true });
  addEventListener("resize", hide);

  // Asking ------------------------------------------------------------------------------------------------------------
  const box = () => document.getElementById("question");

  document.addEventListener("keydown", (event) => {
    const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (plain && event.target instanceof HTMLTextAreaElement && event.target === box()) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  function able(yes) {
    for (const button of document.querySelectorAll("#ask button")) button.disabled = !yes;
  }

  document.addEventListener("htmx:before:request", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.action.endsWith("/ask")) return;
    for (const one of document.querySelectorAll(".exchange.patient_identifiers")) one.remove();
    able(false);
  });
  document.addEventListener("htmx:finally:request", () => able(true));

  document.addEventListener("htmx:sse:after:message", () => {
    const begun = document.querySelector(".exchange.pending:not(.seen)");
    if (!begun) return;
    begun.classList.add("seen");
    begun.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  });

  document.addEventListener("settled", (event) => {
    const told = JSON.parse(event.detail.data);
    for (const field of document.querySelectorAll('#ask input[name="conversation"]')) field.value = told.conversation;
    for (const field of document.querySelectorAll('#audience input[name="next"]')) field.value = `${told.page}#audience`;
    for (const form of document.querySelectorAll("form.forget")) form.hidden = !told.conversation;
    history.replaceState(history.state, "", told.page);
    const sent = event.target instanceof HTMLFormElement && event.target.id === "ask-form";
    if (sent && !told.leave) box().value = "";
    if (told.leave) box()?.focus();
    able(true);
    // Last: a form that is taken away while its answer streams in ends the stream.
    if (!told.leave) document.getElementById("openers")?.remove();
  });

  // Copying -----------------------------------------------------------------------------------------------------------
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    const label = button.textContent;
    const said = document.getElementById("ask-status");
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = "Copied";
      if (said) said.textContent = "Copied with references and disclaimer.";
    } catch {
      button.textContent = "This browser does not allow copying";
    }
    setTimeout(() => { button.textContent = label; }, 2500);
  });
})();
