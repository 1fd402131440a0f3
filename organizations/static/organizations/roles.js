// The sentence on top of a role follows its boxes.
document.addEventListener("change", async (event) => {
  if (event.target.name !== "permissions") return;
  const form = new FormData();
  for (const box of document.querySelectorAll("[name=permissions]:checked, [name=permissions][type=hidden]")) form.append("permissions", box.value);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const url = document.querySelector(".permissions").dataset.sentence;
  const response = await fetch(url, { method: "POST", body: form, headers: { "X-CSRFToken": token } });
  if (response.ok) document.getElementById("role-sentence").textContent = await response.text();
});
