
// A kernel asks for packages by name; all but these lie beside Python's own library, and need no loading.
{
  const load = globalThis.loadPyodide, names = new Set($names);
  globalThis.loadPyodide = async (options) => {
    const python = await load({ ...options, packages: (options?.packages ?? []).filter((name) => names.has(name)) });
    // the folder of the notebook, which the page answers for, is asked last: otherwise each import would ask it first
    python.runPython("import sys; sys.path.sort(key=lambda place: place == '')");
    return python;
  };
}
