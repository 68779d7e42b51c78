"""Names that prompt flow's process has imported before it runs a flow's code: a file of the folder cannot hide them.

Taken from ``sys.modules`` as a Python tool of promptflow 1.18.5 finds it.
"""

from __future__ import annotations

import sys
from typing import Final

_NOT_YET_IMPORTED: Final = """
    aifc antigravity asynchat asyncore audioop bdb cProfile cgi cgitb chunk cmath cmd code codeop colorsys compileall crypt
    curses dbm distutils doctest ensurepip faulthandler filecmp fileinput ftplib graphlib grp idlelib imaplib imghdr imp
    lib2to3 mailbox mailcap mmap modulefinder msilib msvcrt nis nntplib nturl2path optparse ossaudiodev pdb pickletools pipes
    plistlib poplib profile pstats pty py_compile pyclbr pydoc pydoc_data readline rlcompleter runpy sched shelve smtpd
    smtplib sndhdr spwd sre_compile sre_constants sre_parse statistics sunau symtable syslog tabnanny tarfile telnetlib this
    timeit tkinter tomllib trace tracemalloc tty turtle turtledemo unittest uu venv wave winreg winsound wsgiref xdrlib xmlrpc
    zipapp
"""

_PACKAGES: Final = """
    PIL aniso8601 annotated_types anyio argcomplete attr attrs azure blinker certifi charset_normalizer click colorama
    cryptography dateutil docstring_parser dotenv filelock filetype fixedint flask flask_cors flask_restx google httpx idna
    importlib_metadata isodate itsdangerous jinja2 jiter jsonschema jsonschema_specifications keyring markupsafe marshmallow
    msal msrest oauthlib openai opentelemetry packaging promptflow psutil pydantic pydantic_core pydash referencing requests
    requests_oauthlib rpds ruamel six sniffio sqlalchemy strictyaml tabulate tiktoken tiktoken_ext typing_extensions
    typing_inspection urllib3 waitress werkzeug zipp flowloom
"""

LOADED_FIRST: Final[frozenset[str]] = (sys.stdlib_module_names - frozenset(_NOT_YET_IMPORTED.split())) | frozenset(_PACKAGES.split())
"""Top-level names that mean the installed module, if there is one, whatever files the folder has."""
