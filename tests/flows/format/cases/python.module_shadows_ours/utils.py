WHO = 'flow utils'
