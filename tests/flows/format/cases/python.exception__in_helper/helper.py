def deep(values):
    return values['missing']
