// Before anything large is loaded: wait until the page's worker keeps what comes. A slow machine takes a while to start it.
export async function controlled(home) {
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
