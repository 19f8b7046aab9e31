"""Official releases: downloaded, checked against the publisher's checksum, unpacked.

May import `tool`, and of `local` only `errors`.
"""
