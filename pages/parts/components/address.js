// What the browser's own controls do to the page: Back and Forward, and the menu of screens in a narrow window.

const NARROW_PX = 768; // from here down Streamlit lays the menu of screens over the page
const PHONE_PX = 640; // from here down long choices are rows, see style.css
const LOOK_AGAIN_MS = 150;
const CLOSE_MENU = '[data-testid="stSidebarCollapseButton"] button';
const SHORT = ["run", "beside"]; // a link with nothing else is written out in full as soon as its screen is drawn
const LISTENERS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const state = LISTENERS.get(parentElement) ?? mount(parentElement);
  state.tell = (query) => setTriggerValue("travel", query);
  closeMenu(data.screen);
  showChosen();
  return whenGone(parentElement, () => removeEventListener("popstate", state.listener, true));
}

function mount(parentElement) {
  oneEntryForEachScreen();
  const state = { path: location.pathname };
  state.listener = () => {
    if (location.pathname === state.path) state.tell(Object.fromEntries(new URLSearchParams(location.search)));
  };
  addEventListener("popstate", state.listener, true); // sooner than Streamlit's, which asks for the page anew
  LISTENERS.set(parentElement, state);
  return state;
}

/**
 * Streamlit adds two entries to the history for another screen: its address without a link, or the link at the address
 * of the screen before, and then both together; and a short link is followed by the full one. A person who goes back
 * would stop at each, so the first is replaced. Start is the one screen that stays without a link.
 */
function oneEntryForEachScreen() {
  if (globalThis.playgroundPush) return;
  const push = (globalThis.playgroundPush = history.pushState.bind(history));
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? location.href, location.href);
    const samePath = to.pathname === location.pathname;
    const isShort = [...new URLSearchParams(location.search).keys()].every((key) => SHORT.includes(key));
    const hasLink = location.search || globalThis.playgroundScreen !== "start";
    const isHalf = samePath ? isShort && hasLink : location.search && to.search === location.search;
    if (isHalf) history.replaceState(state, title, url);
    else push(state, title, url);
  };
}

/** Where a choice is a row that is pushed along, what is chosen must be in sight, as soon as the row is there. */
function showChosen(looks = 40) {
  const rows = [...document.querySelectorAll('[role="radiogroup"]')].filter((row) => row.scrollWidth > row.clientWidth);
  for (const row of rows) {
    const chosen = row.querySelector(':scope > [aria-checked="true"]');
    if (!chosen) continue;
    const left = chosen.getBoundingClientRect().left - row.getBoundingClientRect().left;
    row.scrollLeft += left - (row.clientWidth - chosen.offsetWidth) / 2;
  }
  if (!rows.length && innerWidth <= PHONE_PX && looks > 0) setTimeout(showChosen, LOOK_AGAIN_MS, looks - 1);
}

/** Streamlit closes the menu after a choice on what calls itself a phone, and in no other narrow window. */
function closeMenu(screen) {
  const before = globalThis.playgroundScreen;
  globalThis.playgroundScreen = screen;
  if (before && before !== screen && innerWidth <= NARROW_PX) document.querySelector(CLOSE_MENU)?.click();
}
