from extra import n
