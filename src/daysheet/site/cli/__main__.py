"""`python -m daysheet.site.cli` is `daysheet`."""

from daysheet.site.cli import main

main()
