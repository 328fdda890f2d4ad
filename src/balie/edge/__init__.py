"""The HTTP and socket toolkit shared by the console, channels and features."""
