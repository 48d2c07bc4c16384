"""zstd:chunked layers: zstd frames that a client can fetch one by one (containers/storage, pkg/chunked).

A plain client sees one zstd stream of the same tar, so the diff ID stays. A client that knows the format reads the
table of contents at the end first, and fetches only the chunks that no layer on its disk has.
"""
