// Before anything large is loaded: wait until the page's worker keeps what comes. A slow machine takes a while to start it.
export async function controlled(home) {
  if (new URL("./", location.href).href !== home) signpost(home);
  const workers = navigator.serviceWorker;
  if (!workers || workers.controller) return;
  const taken = new Promise((done) => workers.addEventListener("controllerchange", done, { once: true }));
  try {
    const { active } = await workers.register(new URL("service-worker.js?enableCache=false", home), { scope: home });
    const seconds = active ? 5 : 60; // one that runs already, and was passed by on purpose, does not come
    await Promise.race([taken, new Promise((done) => setTimeout(done, 1000 * seconds))]);
  } catch (error) {
    console.info(`nothing is kept for later visits: ${error}`);
  }
}

// On the page of a lab: the way back to all labs, and words where there would be nothing until JupyterLab is loaded.
function signpost(home) {
  if (document.readyState === "loading") return document.addEventListener("DOMContentLoaded", () => signpost(home));
  const back = document.createElement("a");
  Object.assign(back, { id: "handgrad-all-labs", href: home, textContent: "All labs" });
  const looks = document.createElement("style"), words = "The lab is loading. The first time it may take a minute.";
  looks.textContent = `
    #handgrad-all-labs { position: fixed; top: 0; right: 0; z-index: 100; padding: 0 12px; font: 13px/27px system-ui, sans-serif;
      color: var(--jp-content-link-color, #0072b2); background: var(--jp-layout-color1, transparent); }
    #jupyterlab-splash::after { content: "${words}"; position: absolute; top: 62%; left: 0; right: 0; text-align: center;
      color: var(--jp-ui-font-color1, #767676); font: 16px/1.5 system-ui, sans-serif; }`;
  document.body.append(looks, back);
  const loading = document.querySelector(".jupyterlite-loading-indicator-text");
  if (loading) loading.textContent = words;
}
