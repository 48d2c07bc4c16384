"""eStargz layers: gzip members that a client can fetch one by one (containerd/stargz-snapshotter, docs/estargz.md).

A plain client sees an ordinary layer with two more files. The order of the files is another, and with it the diff ID.
"""
