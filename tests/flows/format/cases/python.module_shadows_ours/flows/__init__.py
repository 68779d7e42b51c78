raise RuntimeError('not asked for')
