from .other import VALUE
from helper import NAME


def deep():
    return VALUE + NAME
