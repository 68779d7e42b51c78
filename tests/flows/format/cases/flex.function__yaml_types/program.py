def answer(items, flag, text="python default"):
    return [items, flag, text]
