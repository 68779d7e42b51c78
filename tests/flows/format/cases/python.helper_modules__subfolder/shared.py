WHERE = 'the folder'
