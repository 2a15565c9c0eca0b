// What was done so far, as JupyterLite keeps it in this browser: beside each lab its points.
import { controlled } from "./controlled.js";

const home = new URL("./", import.meta.url).href;
controlled(home);
show();
addEventListener("pageshow", show); // also when the reader comes back

async function show() {
  for (const row of document.querySelectorAll("[data-lab]")) {
    const lab = row.dataset.lab, book = await read(`${lab}/.handgrad/progress.json`);
    const entries = Object.values(book?.[lab] ?? {});
    if (!entries.length) continue;
    const points = entries.reduce((sum, entry) => sum + (Number(entry.score) || 0), 0);
    row.querySelector(".done").textContent = `${Math.round(4 * points) / 4} of ${row.dataset.points}`;
    row.querySelector("a").textContent = "go on";
  }
}

// The content of a file that a lab wrote; null where there is none.
async function read(path) {
  const known = (await indexedDB.databases?.()) ?? [];
  for (const { name } of known.filter(({ name }) => name.startsWith("JupyterLite Storage"))) {
    const file = await fromStore(name, path);
    if (file) return parsed(file);
  }
  return null;
}

// A kernel's files are kept as base64, those of JupyterLab's editor as text or as JSON.
function parsed({ content, format }) {
  if (typeof content !== "string") return content;
  if (format !== "base64" && content.startsWith("{")) return JSON.parse(content);
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))));
}

function fromStore(name, path) {
  return new Promise((done) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => done(null);
    opening.onsuccess = () => {
      const book = opening.result;
      if (!book.objectStoreNames.contains("files")) return done(null), book.close();
      const asked = book.transaction("files").objectStore("files").get(path);
      asked.onsuccess = () => (done(asked.result ?? null), book.close());
      asked.onerror = () => (done(null), book.close());
    };
  });
}
