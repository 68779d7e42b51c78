class File:
    def __init__(self, place: str) -> None:
        self.place = place
