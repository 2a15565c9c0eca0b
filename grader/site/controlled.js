// Before anything large is loaded: wait until the page's worker keeps what comes.
export async function controlled(home) {
  const workers = navigator.serviceWorker;
  if (!workers || workers.controller) return;
  try {
    await workers.register(new URL("service-worker.js?enableCache=false", home), { scope: home });
    await Promise.race([
      new Promise((done) => workers.addEventListener("controllerchange", done, { once: true })),
      new Promise((done) => setTimeout(done, 5000)),
    ]);
  } catch (error) {
    console.info(`nothing is kept for later visits: ${error}`);
  }
}
