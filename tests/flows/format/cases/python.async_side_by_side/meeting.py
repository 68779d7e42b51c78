HERE = set()
