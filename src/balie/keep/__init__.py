"""Keeping what was stored: check it, back it up, restore it. Works beside a running desk, on either engine.

- ``verify``   the chains, the numbering, the heads and the keys of every conversation, in constant memory
- ``archive``  the file that a back-up is: members with digests
- ``files``    the files beside the database, in pieces
- ``backup``   a consistent copy of everything
- ``restore``  all of an archive or nothing, in either engine, under a new epoch
- ``commands`` the same on the command line, with progress bars
"""
