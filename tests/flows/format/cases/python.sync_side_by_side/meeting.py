import threading

BARRIER = threading.Barrier(3)
