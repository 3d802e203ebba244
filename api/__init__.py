"""How it is reached: the command line, and the settings of an installation."""
