def names():
    return 'flow nodes'
