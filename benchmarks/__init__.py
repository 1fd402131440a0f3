"""How fast it is, measured against what the database alone would need: `make bench`, `make bench-small`.

Every line is measured in the same run as its floor, a view of the benchmark itself (`floors.py`) with the same
authentication that sends one hand-written statement and returns the database's JSON text. The two alternate, and their
answers must be equal. Results: docs/benchmarks.md."""
