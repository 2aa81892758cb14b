"""`python -m bot` is `wenju`."""

from bot.start import main

if __name__ == "__main__":
    main()
