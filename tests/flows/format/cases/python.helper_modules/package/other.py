VALUE = 'other '
