"""The console command for who has the interpreter: python -m api.cli."""

from api.cli import main

main()
