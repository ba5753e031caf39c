// Ask for this very page again until another server answers in the demo's place: it leads on by a redirect.
const askAgain = async () => {
  try {
    const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") {
      location.reload();
      return;
    }
  } catch {
    // Between the two servers nobody answers.
  }
  setTimeout(askAgain, 500);
};
setTimeout(askAgain, 1000);
