SHARED = []
