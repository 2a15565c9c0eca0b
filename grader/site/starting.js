
// A kernel asks for packages by name; all but these lie beside Python's own library, and need no loading.
{
  const load = globalThis.loadPyodide, names = new Set($names);
  globalThis.loadPyodide = (options) => load({ ...options, packages: (options?.packages ?? []).filter((name) => names.has(name)) });
}
