"""The pictures of the documents, taken of the demo data by `make screenshots`."""
