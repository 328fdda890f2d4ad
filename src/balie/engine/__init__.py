"""The ports (database, bus, leases, blobs) and their plugs; drivers live here and nowhere else."""
