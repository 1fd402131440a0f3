// Says beside a new password, while it is typed, how strong it is. Without it the page says what a good one is, and the
// server refuses a bad one.

/** Bits that a guesser needs at least: letters that repeat, or follow each other in the alphabet, add little. */
function bits(password) {
  const kinds = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^a-zA-Z0-9]/, 33]];
  const alphabet = kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
  const letters = [...password];
  const surprising = letters.filter((letter, at) => at < 1 || Math.abs(step(letters, at)) > 1);
  return surprising.length * Math.log2(alphabet || 1);
}

function step(letters, at) {
  return letters[at].codePointAt(0) - letters[at - 1].codePointAt(0);
}

function strength(password) {
  if ([...password].length < 8) return "short";
  const known = bits(password);
  return known < 45 ? "weak" : known < 65 ? "fair" : "strong";
}

for (const input of document.querySelectorAll("input[data-strong]")) {
  const said = document.createElement("p");
  said.className = "strength";
  said.setAttribute("role", "status");
  input.after(said);
  input.addEventListener("input", () => {
    said.dataset.strength = input.value ? strength(input.value) : "";
    said.textContent = input.value ? input.dataset[said.dataset.strength] : "";
  });
}
