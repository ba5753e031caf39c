// The light/dark switch. The choice is a cookie, so that the server can draw the page right at once.
const YEAR_SECONDS = 31_536_000;

/** The theme in force: the chosen one, else the system's. */
export function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`;
}

/** `[data-theme-toggle]` switches between light and dark. */
export function followThemeToggle() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) choose(currentTheme() === "dark" ? "light" : "dark");
  });
}
