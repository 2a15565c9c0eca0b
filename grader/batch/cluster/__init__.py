"""Grade on an engine that is there already: Parsl, Dask, or any other that has an Executor.

A job goes out as bytes with all that it needs, and comes back as bytes with all that it made; the main process writes what came back.
`work` is the one function that the engine has to find on its machines, `station` what it starts there. See docs/scale.md.
"""
