// What every page does: changes carry the page's mark, so that no other site can make them.
const mark = document.querySelector('meta[name="mark"]').content;

export async function change(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Digestbot-Mark": mark },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.text()).trim() || response.statusText);
  return response.status === 204 ? null : response.json();
}

export function words(template) {
  const said = {};
  for (const one of template.content.querySelectorAll("[data-word]")) said[one.dataset.word] = one.textContent;
  return said;
}
