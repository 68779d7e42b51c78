def mean(numbers):
    return 'the flow\'s own'
