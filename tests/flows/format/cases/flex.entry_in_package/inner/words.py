WORD = 'from the package'
