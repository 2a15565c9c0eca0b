"""Strangers' answers at both doors, and whether what they are told is true; `truth.py` prints it, `test_strangers.py` samples it.

Only names of the engine that stay are used here, so that one program measures an older engine and a newer one.
"""
