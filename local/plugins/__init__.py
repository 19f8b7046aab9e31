"""Stand-ins for Pulumi's `random` plugin and language host, where the official ones are not to be had.

May import `toolchain`, and of `local` only `checkout`, `errors` and `links`.
"""
