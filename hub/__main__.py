"""`python -m hub`: the program, for those who do not have it on their path."""

from hub.cli import main

if __name__ == "__main__":
    main()
