WHERE = 'shared'
