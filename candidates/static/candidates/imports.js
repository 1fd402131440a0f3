// A file that is too large is told before it is sent.
(() => {
  "use strict";
  // Unfold writes the name of a file into a text beside its own kind of field, and this one has none.
  for (const field of document.querySelectorAll("input[type=file]")) field.hasChangeListener = true;

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches("input[type=file][data-most]")) return;
    const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.most));
    field.setCustomValidity(isTooLarge ? field.dataset.tooLarge : "");
    if (isTooLarge) field.reportValidity();
  });
})();
